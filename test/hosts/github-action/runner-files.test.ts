/** Outputs of any text, and summaries within the runner's limit; the form held against GitHub's own library. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setOutput } from "@actions/core";
import { afterEach, expect, test, vi } from "vitest";
import { appendOutput, appendSummary, outputEntry } from "../../../src/hosts/github-action/runner-files.ts";
import { temporaryFolder } from "../../sandbox/open.ts";
import { readOutputs } from "./read-outputs.ts";

afterEach(() => {
  vi.unstubAllEnvs();
});

const counting = () => {
  let count = 0;
  return () => `delimiter-${count++}`;
};

const texts = [
  "",
  "one",
  "two\nlines",
  "\n",
  "ends\n",
  "\r\nwindows\r\n",
  "a=b",
  "x<<EOF\nEOF",
  "::error::no",
  "ü 🙂",
];

test.each(texts)("%j arrives as it was", async (text) => {
  const file = join(await temporaryFolder(), "output");
  await appendOutput(file, "first", text, counting());
  await appendOutput(file, "second", "2", () => "other");
  expect(readOutputs(await readFile(file, "utf8"))).toEqual({ first: text, second: "2" });
});

test("no text can end its value early", () => {
  const random = counting();
  expect(outputEntry("name", "delimiter-0\nother<<x\nevil\nx", random)).toBe(
    "name<<delimiter-1\ndelimiter-0\nother<<x\nevil\nx\ndelimiter-1\n",
  );
});

test("the form is that of GitHub's library", async () => {
  const folder = await temporaryFolder();
  const [theirs, ours] = [join(folder, "theirs"), join(folder, "ours")];
  await writeFile(theirs, "");
  vi.stubEnv("GITHUB_OUTPUT", theirs);
  setOutput("plan", "two\nlines");
  await appendOutput(ours, "plan", "two\nlines", () => "D");
  expect((await readFile(theirs, "utf8")).replaceAll(/ghadelimiter_[0-9a-f-]+/g, "D")).toBe(
    await readFile(ours, "utf8"),
  );
});

test("summaries add up, and stay below what the runner drops whole", async () => {
  const file = join(await temporaryFolder(), "summary");
  await appendSummary(file, "### One\n");
  await appendSummary(file, "### Two\n");
  expect(await readFile(file, "utf8")).toBe("### One\n\n### Two\n\n");
  for (let part = 0; part < 4; part++) await appendSummary(file, `${"word ".repeat(20)}\n`.repeat(8_000));
  const text = await readFile(file, "utf8");
  expect(Buffer.byteLength(text)).toBeLessThan(1024 * 1024);
  expect(text).toContain("_Cut here");
});

test("a runner without these files is no failure", async () => {
  await appendOutput(undefined, "name", "value", counting());
  await appendSummary(undefined, "text");
});
