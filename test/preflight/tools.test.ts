import { expect, test } from "vitest";
import type { Asked } from "../../src/preflight/check.ts";
import { checkTools, compareVersions } from "../../src/preflight/tools.ts";
import { Failure } from "../../src/step/failure.ts";
import { useOf } from "../families/dns/fake-cloudflare.ts";

const signal = new AbortController().signal;
const needs = (tool: "helm" | "git" | "kubelogin", atLeast: string, step = "web"): Asked => ({
  kind: "tool",
  tool,
  atLeast,
  step,
});
const versions: Readonly<Record<string, string>> = { git: "2.39.5" };
const use = useOf({
  helm: { version: { major: 4, text: "v4.2.3+g1b2c3d4" } },
  tools: { version: async (program: string) => versions[program] },
});

test("each tool is asked once, for the newest version that is wanted", async () => {
  expect(
    await checkTools([needs("helm", "3.13.0"), needs("helm", "4.0", "shop"), needs("git", "2.10", "key")], {
      use,
      signal,
    }),
  ).toEqual([
    { code: "P0650", severity: "ok", steps: ["web", "shop"], message: "helm 4.2.3+g1b2c3d4 is here" },
    { code: "P0650", severity: "ok", steps: ["key"], message: "git 2.39.5 is here" },
  ]);
});

test("one that is too old is told to the steps that it is too old for", async () => {
  const asked = [needs("git", "2.10", "old"), needs("git", "2.40", "new"), needs("git", "2.41", "newest")];
  expect(await checkTools(asked, { use, signal })).toMatchObject([
    { code: "P0652", steps: ["new", "newest"], message: "git is 2.39.5, and 2.41 or later is needed" },
  ]);
});

test("one that is too old is in the way; kubelogin is only worth a look", async () => {
  expect(await checkTools([needs("git", "2.40"), needs("kubelogin", "0.1")], { use, signal })).toMatchObject([
    {
      code: "P0652",
      severity: "blocker",
      steps: ["web"],
      message: "git is 2.39.5, and 2.40 or later is needed",
    },
    { code: "P0651", severity: "warning", steps: ["web"], message: "kubelogin was not found" },
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
    { code: "P0651", severity: "blocker", steps: ["web"], message: "Helm was not found", hint: "install it" },
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
