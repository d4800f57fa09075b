/** What a job of any CI host hands on, and how it ends where something is in the way of that. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Secret } from "../../../src/step/secret.ts";
import { openSandbox } from "../../sandbox/open.ts";
import { openMemoryHost } from "./memory-host.ts";

const root = join(import.meta.dirname, "../../..");
const staticIp = await readFile(join(root, "pipelines/static-ip.yaml"), "utf8");

const annotations = (log: readonly string[]) => log.filter((line) => /^(error|warning|notice): /.test(line));

test("a look that was cancelled says neither that all is well nor that it is not", async () => {
  const sandbox = await openSandbox();
  const looks = () =>
    sandbox.control.requests().entries.filter(({ path }) => path.includes("/publicIPAddresses/")).length;
  let before = Number.POSITIVE_INFINITY;
  const signals = {
    // Once the world was looked at, and before what is there is verified.
    stopping: () => looks() > before,
    signal: new AbortController().signal,
    onStopping: () => {},
  };
  const host = await openMemoryHost({ "provision.yaml": staticIp }, { sandbox, signals });
  expect(await host.run({ command: "up" })).toBe(0);
  host.told.outputs.clear();
  before = looks();
  expect(await host.run({ command: "status" })).toBe(130);
  expect(host.told.outputs).toEqual(new Map());
  expect(host.told.log).toContain("Cancelled.");
});

test("a summary that can't be written is a warning: it fails no run, and hides no failure", async () => {
  const summary = async () => {
    throw Object.assign(new Error("ENOSPC: no space left on device"), { code: "ENOSPC" });
  };
  const host = await openMemoryHost({ "provision.yaml": staticIp }, { summary });
  expect(await host.run({ offline: true })).toBe(0);
  expect(annotations(host.told.log)).toEqual([expect.stringMatching(/^warning: No summary: /)]);
  expect(host.told.outputs).toEqual(new Map([["changes", "true"]]));
  expect(await host.run({ pipeline: "none.yaml" })).toBe(2);
  expect(annotations(host.told.log).join("\n")).toContain("error: P0430");
});

test("to destroy needs no secret", async () => {
  const sandbox = await openSandbox();
  const text = `${staticIp}secrets: { unused: { env: NOT_THERE } }\n`;
  const host = await openMemoryHost({ "provision.yaml": text }, { sandbox });
  expect(await host.run({ command: "up" })).toBe(2);
  expect(await host.run({ command: "destroy" })).toBe(0);
  expect(host.told.outputs.get("changes")).toBe("false");
});

test("a file that is not in the checkout has no place that the host could show", async () => {
  const host = await openMemoryHost(
    { "provision.yaml": "name: g\nsteps: {}\n" },
    { workspace: "/elsewhere" },
  );
  expect(await host.run({ offline: true })).toBe(2);
  expect(annotations(host.told.log).join()).not.toContain(" at ");
});

test("an output that is a secret goes where the host keeps it one, and nowhere else", async () => {
  const sandbox = await openSandbox();
  const key = "  key: ${{ secrets.key }}\nsecrets: { key: { file: key.txt } }\n";
  const files = { "provision.yaml": `${staticIp}${key}`, "key.txt": "the key of it all" };
  const kept: string[] = [];
  const secretOutput = async (name: string, secret: Secret) => {
    kept.push(`${name} ${secret.reveal()}`);
  };
  const host = await openMemoryHost(files, { sandbox, secretOutput });
  expect(await host.run({ command: "up" })).toBe(0);
  expect(kept).toEqual(["key the key of it all"]);
  expect(host.told.outputs.has("key")).toBe(false);
  const other = await openMemoryHost(files, { sandbox });
  expect(await other.run({ command: "up" })).toBe(0);
  expect(other.told.log).toContain("note: output key is a secret, and is not handed on");
});

test("a plan that prunes was approved as one: up needs not be told again", async () => {
  const sandbox = await openSandbox();
  const host = await openMemoryHost({ "provision.yaml": staticIp }, { sandbox });
  expect(await host.run({ command: "up" })).toBe(0);
  const before = sandbox.control.inventory().resources.length;
  const without = staticIp.slice(0, staticIp.indexOf("  ip:\n"));
  await writeFile(join(host.workspace, "provision.yaml"), without);
  expect(await host.run({ prune: true, planFile: "plan.json" })).toBe(0);
  expect(await host.run({ command: "up", planFile: "plan.json" })).toBe(0);
  expect(sandbox.control.inventory().resources).toHaveLength(before - 1);
});
