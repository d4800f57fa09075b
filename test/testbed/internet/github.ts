/**
 * github.com as controllers see it: the one repository that the main pipeline names by default, over SSH, opened by the
 * deploy keys that are registered at the sandbox's GitHub. Its host key is not GitHub's, so ssh is told of it here.
 */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Agent } from "undici";
import { z } from "zod";
import { status } from "../../../src/sandbox/process.ts";
import { type GitServer, startGitServer } from "../git-server.ts";

export const repository = "gbaeke/demo-clu-flux";
const branch = "master";
const hostKeyAlias = "github.com.testbed";
const pollInterval = 250;

export interface GithubOptions {
  /** For keys, log and the repository. */
  readonly directory: string;
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** Folder of the sandbox, running or not yet. */
  readonly sandbox: string;
}

export interface Github {
  /** To stand first in an ssh configuration. */
  readonly sshSettings: string;
  readonly server: GitServer;
  stop(): Promise<void>;
}

const keysSchema = z.array(z.looseObject({ key: z.string(), read_only: z.boolean() }));

/** Lines `ssh-ed25519 AAAA…` by whether they may push; undefined while no sandbox runs. */
const registeredKeys = async (
  sandbox: string,
): Promise<ReadonlyMap<string, "read" | "write"> | undefined> => {
  const running = await status(sandbox);
  if (running === undefined) return undefined;
  const { PROVISION_GITHUB_ENDPOINT = "", GITHUB_TOKEN = "" } = running.environment();
  const { origin, pathname } = new URL(`${PROVISION_GITHUB_ENDPOINT}/repos/${repository}/keys`);
  const dispatcher = new Agent({ connect: { ca: running.authority } });
  try {
    const { body } = await dispatcher.request({
      origin,
      path: `${pathname}?per_page=100`,
      method: "GET",
      headers: { authorization: `Bearer ${GITHUB_TOKEN}` },
    });
    const keys = keysSchema.parse(await body.json());
    return new Map(keys.map(({ key, read_only }) => [key, read_only ? "read" : "write"]));
  } finally {
    await dispatcher.close();
  }
};

export const startGithub = async ({ directory, variables, sandbox }: GithubOptions): Promise<Github> => {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const server = await startGitServer({ directory, variables, repository, branch });
  await server.commit({ "README.md": "What is pushed here, Flux brings into the cluster.\n" }, "Begin");
  const knownHosts = join(directory, "known_hosts");
  await writeFile(knownHosts, server.knownHosts.replace(/^\S+/, hostKeyAlias));
  const ending = new AbortController();
  let known = "";
  const look = async (): Promise<void> => {
    const keys = await registeredKeys(sandbox);
    if (keys === undefined) return;
    const now = JSON.stringify([...keys]);
    if (now === known) return;
    await server.forgetKeys();
    for (const [key, access] of keys) await server.authorize(key, access);
    known = now;
  };
  const loop = (async () => {
    while (!ending.signal.aborted) {
      // A sandbox that stops while it is asked: the next look sees more.
      await look().catch(() => undefined);
      await sleep(pollInterval, undefined, { signal: ending.signal }).catch(() => undefined);
    }
  })();
  const settings = [
    "Host github.com",
    "HostName 127.0.0.1",
    `Port ${server.sshPort}`,
    `HostKeyAlias ${hostKeyAlias}`,
    `UserKnownHostsFile ${knownHosts}`,
  ];
  return {
    sshSettings: `${settings.join("\n")}\n`,
    server,
    stop: async () => {
      ending.abort();
      await loop;
      await server.stop();
    },
  };
};
