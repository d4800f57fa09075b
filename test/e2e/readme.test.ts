/** The README's transcript is what the command prints, and its commands exist. */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { expect, onTestFinished, test } from "vitest";

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

test("a folder of one's own: the commands, word for word, in a shell", async () => {
  const readme = await readFile(join(root, "README.md"), "utf8");
  const [, commands = ""] = /^```sh\n(alias [\s\S]*?)^```$/m.exec(readme) ?? [];
  const home = await mkdtemp(join(tmpdir(), "provision-readme-"));
  const env = { HOME: home, PROVISION_SANDBOX: join(home, "sandbox"), NO_COLOR: "1" };
  onTestFinished(async () => {
    await execa(process.execPath, [program, "sandbox", "stop"], { env });
    await rm(home, { recursive: true });
  });
  const script = commands.replaceAll("../shop", join(home, "shop"));
  expect(script).toContain(home);
  const { exitCode, all } = await execa("bash", ["-O", "expand_aliases", "-e"], {
    input: script,
    cwd: root,
    reject: false,
    all: true,
    env,
  });
  expect(exitCode, all).toBe(0);
  expect(all).toContain("Done: 2 steps verified.");
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
