import { expect, test } from "vitest";
import { checkTools, compareVersions } from "../../src/preflight/tools.ts";
import { Failure } from "../../src/step/failure.ts";
import type { Requirement } from "../../src/step/requirement.ts";
import { useOf } from "../families/dns/fake-cloudflare.ts";

const signal = new AbortController().signal;
const needs = (tool: "helm" | "git" | "kubelogin", atLeast: string): Requirement => ({
  kind: "tool",
  tool,
  atLeast,
});
const versions: Readonly<Record<string, string>> = { git: "2.39.5" };
const use = useOf({
  helm: { version: { major: 4, text: "v4.2.3+g1b2c3d4" } },
  tools: { version: async (program: string) => versions[program] },
});

test("each tool is asked once, for the newest version that is wanted", async () => {
  expect(
    await checkTools([needs("helm", "3.13.0"), needs("helm", "4.0"), needs("git", "2.10")], { use, signal }),
  ).toEqual([
    { code: "P0650", severity: "ok", message: "helm 4.2.3+g1b2c3d4 is here" },
    { code: "P0650", severity: "ok", message: "git 2.39.5 is here" },
  ]);
});

test("one that is too old is in the way; kubelogin is only worth a look", async () => {
  expect(await checkTools([needs("git", "2.40"), needs("kubelogin", "0.1")], { use, signal })).toMatchObject([
    { code: "P0652", severity: "blocker", message: "git is 2.39.5, and 2.40 or later is needed" },
    { code: "P0651", severity: "warning", message: "kubelogin was not found" },
  ]);
});

test("a Helm that can't be found says what its own search says", async () => {
  const missing = new Failure({
    kind: "missing-tool",
    code: "P0450",
    message: "Helm was not found",
    hint: "install it",
  });
  const without = useOf({ helm: Promise.reject(missing) });
  expect(await checkTools([needs("helm", "3.13.0")], { use: without, signal })).toEqual([
    { code: "P0651", severity: "blocker", message: "Helm was not found", hint: "install it" },
  ]);
});

test.each([
  ["2.39.5", "2.39", 1],
  ["2.9", "2.10", -1],
  ["4", "4.0.0", 0],
  ["v3.13.0+g1", "3.13.0", 0],
])("%s against %s", (a, b, sign) => {
  expect(Math.sign(compareVersions(a, b))).toBe(sign);
});
