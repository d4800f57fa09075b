/** Whatever a job hands to its host, wherever it comes from: no form of a secret is in it, and masks come first. */
import { expect, test } from "vitest";
import { masking } from "../../../src/hosts/ci/masking.ts";
import type { Annotation } from "../../../src/reporters/log-dialect.ts";
import { Secret } from "../../../src/step/secret.ts";
import { openMemoryHost } from "./memory-host.ts";

const canary = "c4nary of a test";

test("each of the host's places, and each of its dialect's forms", async () => {
  const plain = await openMemoryHost({});
  const { host, stop } = masking(plain);
  host.write("before\n");
  new Secret(canary, "test");
  new Secret(canary, "the same once more");
  host.write(`${host.dialect.harmless(canary)} ${canary}\n`);
  host.write(`${host.dialect.groupStart(canary)}\n`);
  host.write(`${host.dialect.annotation({ severity: "error", title: canary, message: canary })}\n`);
  await host.summary(canary);
  await host.output("said", canary);
  await host.comment?.(canary, { pipeline: "p", instance: "p" });
  stop();
  const { log, summary, outputs, comments } = plain.told;
  expect(log.filter((line) => line === `mask ${canary}`)).toHaveLength(1);
  expect(log.slice(-3)).toEqual(["*** ***", "> ***", "error: ***: ***"]);
  expect([summary, outputs.get("said"), comments[0]?.markdown]).toEqual([["***"], "***", "***"]);
  new Secret("made when the job has ended", "test");
  expect(log.join()).not.toContain("has ended");
});

test("a dialect's own text is clean before the host escapes it, which could change a form", async () => {
  const plain = await openMemoryHost({});
  const escaping = (text: string) => text.replaceAll(" ", "%20");
  const dialect = {
    ...plain.dialect,
    harmless: escaping,
    groupStart: escaping,
    annotation: ({ title = "", message }: Annotation) => escaping(title + message),
  };
  const { host, stop } = masking({ ...plain, dialect, secrets: [canary] });
  stop();
  expect(host.dialect.harmless(canary)).toBe("***");
  expect(host.dialect.groupStart(canary)).toBe("***");
  expect(host.dialect.annotation({ severity: "error", title: canary, message: canary })).toBe("******");
});
