/** The README's transcript is what the command prints, and its commands exist. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "..", "..");
const program = join(root, "dist", "provision.js");
const provision = (...words: readonly string[]) =>
  execa(process.execPath, [program, ...words], {
    cwd: root,
    reject: false,
    env: { NO_COLOR: "1", AZURE_SUBSCRIPTION_ID: "" },
  });

test("the transcript is what the command prints, without credentials", async () => {
  const readme = await readFile(join(root, "README.md"), "utf8");
  const [, command = "", transcript = ""] =
    /```console\n\$ npx provision (.*)\n([\s\S]*?)\n```/.exec(readme) ?? [];
  const { stdout, exitCode } = await provision(...command.split(" "));
  expect(exitCode).toBe(0);
  expect(stdout.trimEnd()).toBe(transcript);
});

test("every command that the README names has a help page", async () => {
  const readme = await readFile(join(root, "README.md"), "utf8");
  const names = new Set([...readme.matchAll(/`npx provision (\w+)/g)].map(([, name = ""]) => name));
  expect(names.size).toBeGreaterThan(5);
  for (const name of names) {
    const { stdout, exitCode } = await provision(name, "--help");
    expect(exitCode).toBe(0);
    expect(stdout).toContain(`provision ${name}`);
  }
});
