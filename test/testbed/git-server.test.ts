/** The git host of the testbed: what a deploy key opens there, and what it does not. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { expect, onTestFinished, test } from "vitest";
import { gitClient } from "../../src/clients/git/git.ts";
import { generateSshKeyPair } from "../../src/clients/git/ssh-key.ts";
import { startGitServer } from "./git-server.ts";

const open = async () => {
  const directory = await mkdtemp(join(tmpdir(), "provision-git-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const server = await startGitServer({ directory, variables: process.env });
  onTestFinished(() => server.stop());
  return { directory, server };
};

test("Only a registered key opens the repository, and only for who expects the host's key", async () => {
  const { server } = await open();
  const pair = generateSshKeyPair("test");
  const check = (knownHosts: string, access: "read" | "write" = "write") =>
    gitClient(process.env).check({
      repository: server.url,
      privateKey: pair.privateKey,
      knownHosts,
      access,
      signal: new AbortController().signal,
    });
  await server.commit({ "a.txt": "a" }, "first");

  const before = await check(server.knownHosts);
  await server.authorize(pair.publicKey, "read");
  const reading = await check(server.knownHosts, "read");
  const writing = await check(server.knownHosts);
  await server.forgetKeys();
  await server.authorize(pair.publicKey, "write");
  const after = await check(server.knownHosts);
  const [host] = server.knownHosts.split(" ");
  const stranger = await check(`${host} ${generateSshKeyPair("").publicKey}`);
  await server.forgetKeys();
  const forgotten = await check(server.knownHosts);

  expect(before).toMatchObject({
    state: "refused",
    evidence: expect.arrayContaining([expect.stringMatching(/Permission denied/)]),
  });
  expect(reading).toEqual({ state: "opens" });
  expect(writing.state).toBe("read-only");
  expect(after).toEqual({ state: "opens" });
  expect(stranger).toMatchObject({
    state: "refused",
    evidence: expect.arrayContaining([expect.stringMatching(/Host key verification failed/)]),
  });
  expect(forgotten.state).toBe("refused");
});

test("A key for reading clones and can't push; one for writing can", async () => {
  const { directory, server } = await open();
  const pair = generateSshKeyPair("test");
  const identity = join(directory, "identity");
  const hosts = join(directory, "known_hosts");
  await writeFile(identity, pair.privateKey.reveal(), { mode: 0o600 });
  await writeFile(hosts, server.knownHosts);
  const clone = join(directory, "clone");
  const git = (...words: readonly string[]) =>
    execa("git", words, {
      cwd: directory,
      reject: false,
      env: {
        GIT_SSH_COMMAND: `ssh -F none -i ${identity} -o IdentitiesOnly=yes -o UserKnownHostsFile=${hosts}`,
      },
    });
  const first = await server.commit({ "folder/a.txt": "a" }, "first");
  await server.authorize(pair.publicKey, "read");
  await git("clone", "--quiet", server.url, clone);

  const refused = await git("-C", clone, "push", "origin", "HEAD:refs/tags/mark");
  await server.forgetKeys();
  await server.authorize(pair.publicKey, "write");
  const pushed = await git("-C", clone, "push", "origin", "HEAD:refs/tags/mark");

  expect(await readFile(join(clone, "folder", "a.txt"), "utf8")).toBe("a");
  expect(refused.stderr).toMatch(/marked as read only[\s\S]*Could not read from remote repository/);
  expect(pushed.exitCode).toBe(0);
  expect(await server.revision("mark")).toBe(first);
  expect(await server.revision("other")).toBeUndefined();
});

test("Over HTTP everybody reads and nobody writes", async () => {
  const { directory, server } = await open();
  const clone = join(directory, "clone");
  await server.commit({ "a.txt": "a" }, "first");

  await execa("git", ["clone", "--quiet", server.httpUrl, clone]);
  const pushed = await execa("git", ["-C", clone, "push", "origin", "HEAD:refs/tags/mark"], {
    reject: false,
  });

  expect(await readFile(join(clone, "a.txt"), "utf8")).toBe("a");
  expect(pushed.stderr).toMatch(/403/);
});
