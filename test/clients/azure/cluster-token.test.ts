import { expect, test } from "vitest";
import { execCredential } from "../../../src/clients/azure/cluster-token.ts";
import { parseCredential } from "../../../src/clients/kubernetes/exec-plugin.ts";

const now = Date.parse("2026-01-01T10:00:00Z");
const printed = (life: number) =>
  parseCredential(execCredential({ token: "abc", expiresOnTimestamp: now + life }, now), "provision");

test("a credential is asked for again a minute before it ends", () => {
  expect(printed(3_600_000)).toMatchObject({ token: "abc", expires: now + 3_540_000 });
});

test("one that lives for seconds is used for half of them", () => {
  expect(printed(4_000).expires).toBe(now + 2_000);
});

test("one that has ended says so", () => {
  expect(printed(-1_000).expires).toBe(now - 1_000);
});
