import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { gitClient, judge } from "../../../src/clients/git/git.ts";
import { generateSshKeyPair } from "../../../src/clients/git/ssh-key.ts";

test.each([
  [
    "git@github.com: Permission denied (publickey).\nfatal: Could not read from remote repository.",
    "refused",
  ],
  ["ERROR: Repository not found.\nfatal: Could not read from remote repository.", "refused"],
  ["Host key verification failed.\nfatal: Could not read from remote repository.", "refused"],
  [
    "ssh: Could not resolve hostname github.com: Name or service not known\nPlease make sure you have the correct access rights",
    "unreachable",
  ],
  [
    "ssh: connect to host github.com port 22: Connection refused\nPlease make sure you have the correct access rights",
    "unreachable",
  ],
  ["error: cannot run ssh: No such file or directory\nfatal: unable to fork", "no-tool"],
  ["spawn git ENOENT", "no-tool"],
  ["", "unreachable"],
])("what git says (%#) means %s", (stderr, state) => {
  expect(judge(128, stderr)).toMatchObject({ state });
});

test("an answer means that the key opens the repository", () => {
  expect(judge(0, "")).toEqual({ state: "opens" });
});

const hasTools = ["git", "ssh"].every((tool) => spawnSync(tool, ["-V"]).error === undefined);

test.skipIf(!hasTools)("a host that does not answer is unreachable, and the key's file is gone", async () => {
  const folder = mkdtempSync(join(tmpdir(), "provision-test-"));
  try {
    const before = readdirSync(tmpdir()).filter((name) => name.startsWith("provision-git-"));
    const check = await gitClient({ PATH: process.env.PATH, HOME: folder }).check({
      repository: "ssh://git@127.0.0.1:1/acme/config",
      privateKey: generateSshKeyPair("test").privateKey,
      knownHosts: "",
      access: "read",
      signal: new AbortController().signal,
    });
    expect(check).toMatchObject({ state: "unreachable" });
    expect(readdirSync(tmpdir()).filter((name) => name.startsWith("provision-git-"))).toEqual(before);
    expect(readdirSync(folder)).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test("where there is no git, that is what is said", async () => {
  const check = await gitClient({ PATH: "/nowhere" }).check({
    repository: "ssh://git@127.0.0.1:1/acme/config",
    privateKey: generateSshKeyPair("test").privateKey,
    knownHosts: "",
    access: "write",
    signal: new AbortController().signal,
  });
  expect(check.state).toBe("no-tool");
});

/** A git whose host says no to what begins a push, or to everything; and that needs the key to be there. */
const gitThatRefuses = (folder: string, refused: string): string => {
  const script = `#!/bin/sh
[ -s identity ] && [ -e known_hosts ] || { echo "no key" >&2; exit 1; }
case "$*" in *${refused}*) echo "ERROR: no" >&2; echo "Please make sure you have the correct access rights" >&2; exit 128;; esac
`;
  writeFileSync(join(folder, "git"), script, { mode: 0o755 });
  return folder;
};

test.skipIf(process.platform === "win32").each([
  ["receive-pack", "write", "read-only"],
  ["receive-pack", "read", "opens"],
  ["ls-remote", "write", "refused"],
  ["nothing", "write", "opens"],
] as const)("where the host refuses %s, a key to %s is %s", async (refused, access, state) => {
  const folder = mkdtempSync(join(tmpdir(), "provision-test-"));
  try {
    const check = await gitClient({ PATH: gitThatRefuses(folder, refused) }).check({
      repository: "ssh://git@127.0.0.1:1/acme/config",
      privateKey: generateSshKeyPair("test").privateKey,
      knownHosts: "",
      access,
      signal: new AbortController().signal,
    });
    expect(check).toMatchObject({ state });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
