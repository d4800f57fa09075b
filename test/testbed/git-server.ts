/**
 * A git host of a test's own on loopback: one repository over SSH, opened only by the deploy keys that were registered,
 * and over smart HTTP for everybody to read. Its host key is new each time, so who connects must have been told it.
 */
import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { generateSshKeyPair } from "../../src/clients/git/ssh-key.ts";
import { buildPrograms } from "./build.ts";
import { freePorts } from "./ports.ts";
import { startProcess, waitUntil } from "./process.ts";

export interface GitServerOptions {
  /** For keys, log and repositories; made where it is missing, and the caller's to remove. */
  readonly directory: string;
  /** Usually `process.env`, for the cache of binaries. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** `NAME` or `OWNER/NAME`; `config` by default. */
  readonly repository?: string;
  /** The repository's only branch; `main` by default. */
  readonly branch?: string;
}

export interface GitServer extends AsyncDisposable {
  /** `ssh://git@127.0.0.1:PORT/config.git` */
  readonly url: string;
  readonly sshPort: number;
  /** A clone on this machine, from which commits are pushed. */
  readonly work: string;
  /** `http://127.0.0.1:PORT/config.git`, for reading. */
  readonly httpUrl: string;
  /** A line of `known_hosts` with the host's key. */
  readonly knownHosts: string;
  /** Registers a deploy key, `ssh-ed25519 AAAA…`, for logins from now on. */
  authorize(publicKey: string, access?: "read" | "write"): Promise<void>;
  /** Takes every deploy key away. */
  forgetKeys(): Promise<void>;
  /** Writes files by their paths (undefined: removes) as one commit on the branch, and gives its id. */
  commit(files: Readonly<Record<string, string | undefined>>, message: string): Promise<string>;
  /** The commit that a branch or tag points to; undefined where there is none. */
  revision(name: string): Promise<string | undefined>;
  /** Ends it. Again, nothing. */
  stop(): Promise<void>;
}

/** Neither the machine's nor the user's settings take part. */
const author = {
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_AUTHOR_NAME: "Testbed",
  GIT_AUTHOR_EMAIL: "testbed@example.test",
  GIT_COMMITTER_NAME: "Testbed",
  GIT_COMMITTER_EMAIL: "testbed@example.test",
};

const git = async (folder: string, ...words: readonly string[]): Promise<string> =>
  (await execa("git", words, { cwd: folder, env: author })).stdout;

const algorithmAndKey = (publicKey: string): string => publicKey.split(" ").slice(0, 2).join(" ");

const isListening = (url: string): Promise<boolean> =>
  fetch(`${url}/info/refs?service=git-upload-pack`).then(
    ({ ok }) => ok,
    () => false,
  );

/** Builds the program where it is missing, and returns when the host answers. */
export const startGitServer = async (options: GitServerOptions): Promise<GitServer> => {
  const { directory, repository = "config", branch = "main" } = options;
  const binaries = await buildPrograms(["control-plane", "git-server"], options);
  const repositories = join(directory, "repositories");
  const bare = join(repositories, `${repository}.git`);
  const work = join(directory, "work");
  const hostKeyFile = join(directory, "host-key");
  const keysFile = join(directory, "deploy-keys");
  await mkdir(repositories, { recursive: true });
  await git(directory, "init", "--quiet", "--bare", `--initial-branch=${branch}`, bare);
  await git(directory, "clone", "--quiet", bare, work);
  const hostKey = generateSshKeyPair("");
  await writeFile(hostKeyFile, hostKey.privateKey.reveal(), { mode: 0o600 });

  const keys: string[] = [];
  const writeKeys = (): Promise<void> => writeFile(keysFile, keys.map((line) => `${line}\n`).join(""));
  await writeKeys();

  const [sshPort = 0, httpPort = 0] = await freePorts(2);
  const httpUrl = `http://127.0.0.1:${httpPort}/${repository}.git`;
  const server = await startProcess({
    name: "git-server",
    watcher: binaries("control-plane"),
    program: binaries("git-server"),
    arguments: [
      `--repositories=${repositories}`,
      `--host-key=${hostKeyFile}`,
      `--deploy-keys=${keysFile}`,
      `--ssh=127.0.0.1:${sshPort}`,
      `--http=127.0.0.1:${httpPort}`,
    ],
    directory,
  });
  await waitUntil("the git server answers", server, () => isListening(httpUrl));
  const stop = (): Promise<void> => server.stop();
  return {
    url: `ssh://git@127.0.0.1:${sshPort}/${repository}.git`,
    sshPort,
    work,
    httpUrl,
    knownHosts: `[127.0.0.1]:${sshPort} ${algorithmAndKey(hostKey.publicKey)}\n`,
    authorize: async (publicKey, access = "read") => {
      keys.push(`${access} ${algorithmAndKey(publicKey)}`);
      await writeKeys();
    },
    forgetKeys: async () => {
      keys.length = 0;
      await writeKeys();
    },
    commit: async (files, message) => {
      for (const [path, text] of Object.entries(files)) {
        const file = join(work, path);
        await mkdir(dirname(file), { recursive: true });
        await (text === undefined ? rm(file) : writeFile(file, text));
      }
      await git(work, "add", "--all");
      await git(work, "commit", "--quiet", `--message=${message}`);
      await git(work, "push", "--quiet", "origin", branch);
      return git(work, "rev-parse", "HEAD");
    },
    revision: async (name) => {
      const found = await git(bare, "for-each-ref", "--format=%(objectname)", `refs/*/${name}`);
      return found === "" ? undefined : git(bare, "rev-parse", `${found}^{commit}`);
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
};
