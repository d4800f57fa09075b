/**
 * Runs git. The private key is in a 0600 file within a folder that only this user can enter, and that is gone
 * when git ends, or when we do; neither git's nor ssh's own configuration takes part.
 */

import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { privateFolder } from "../private-folder.ts";
import type { GitClient, KeyCheckResult } from "./client.ts";

/** Seconds for the connection, and milliseconds for all of it. */
const connectTimeout = 10;
const timeout = 30_000;

type Variables = Readonly<Record<string, string | undefined>>;

/** A git client with the environment of `variables`. */
export const gitClient = (variables: Variables): GitClient => ({
  check: async ({ repository, privateKey, knownHosts, access, signal }) => {
    signal.throwIfAborted();
    await using folder = await privateFolder("git");
    const key = join(folder.path, "identity");
    const hosts = join(folder.path, "known_hosts");
    await writeFile(key, privateKey.reveal(), { mode: 0o600 });
    await writeFile(hosts, knownHosts, { mode: 0o600 });
    const listBranches = async (words: readonly string[]): Promise<KeyCheckResult> => {
      const result = await execa("git", ["ls-remote", "--heads", ...words, "--", repository], {
        cwd: folder.path,
        env: { ...defined(variables), GIT_SSH_COMMAND: sshCommand(key, hosts), ...isolated },
        extendEnv: false,
        reject: false,
        stdin: "ignore",
        timeout,
        cancelSignal: signal,
      });
      signal.throwIfAborted();
      const started = result.exitCode !== undefined || result.timedOut;
      return judge(result.exitCode, started ? result.stderr : (result.shortMessage ?? "git did not start"));
    };
    // Awaited here: the folder goes when this function ends.
    if (access === "read") return await listBranches([]);
    // What receives a push begins as what serves a fetch does: with the list of branches.
    const writing = await listBranches(["--upload-pack=git-receive-pack"]);
    if (writing.state !== "refused") return writing;
    const reading = await listBranches([]);
    return reading.state === "opens" ? { state: "read-only", evidence: writing.evidence } : reading;
  },
});

/** Pure: what the end of `git ls-remote` means. */
export const judge = (exitCode: number | undefined, stderr: string): KeyCheckResult => {
  if (exitCode === 0) return { state: "opens" };
  const evidence = stderr
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .slice(-4);
  if (/ENOENT|cannot run ssh|ssh: (command )?not found|cannot exec/.test(stderr))
    return { state: "no-tool", evidence };
  // Host key verification is a refusal of ours: waiting does not help.
  if (
    /Permission denied|Repository not found|Host key verification failed|access rights|does not exist/i.test(
      stderr,
    )
  ) {
    const connection =
      /Could not resolve|Connection (timed out|refused|reset|closed)|Network is unreachable/i;
    return { state: connection.test(stderr) ? "unreachable" : "refused", evidence };
  }
  return { state: "unreachable", evidence };
};

/** git runs it by a shell, so the paths are quoted. `-F none` leaves the user's own settings and keys aside. */
const sshCommand = (key: string, hosts: string): string =>
  [
    "ssh",
    "-F none",
    `-i ${quoted(key)}`,
    "-o IdentitiesOnly=yes",
    "-o IdentityAgent=none",
    "-o BatchMode=yes",
    "-o StrictHostKeyChecking=yes",
    `-o UserKnownHostsFile=${quoted(hosts)}`,
    "-o GlobalKnownHostsFile=none",
    `-o ConnectTimeout=${connectTimeout}`,
  ].join(" ");

const quoted = (path: string): string => `'${path.replaceAll("\\", "/").replaceAll("'", "'\\''")}'`;

const isolated = {
  GIT_TERMINAL_PROMPT: "0",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_CONFIG_GLOBAL: "/dev/null",
  LC_ALL: "C",
};

const defined = (variables: Variables): Record<string, string> =>
  Object.fromEntries(
    Object.entries(variables).flatMap(([name, value]): [string, string][] =>
      value === undefined || name.startsWith("GIT_") ? [] : [[name, value]],
    ),
  );
