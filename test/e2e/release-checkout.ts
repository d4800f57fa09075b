/** Checkouts that a release is built from: copies of this one, each in a folder of its own, as a git repository with one commit. */
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { root } from "./command.ts";

export interface Checkout {
  readonly folder: string;
  /** `npm run release -- WORDS` there, by a shell with this umask. */
  release(
    words: readonly string[],
    variables?: Readonly<Record<string, string>>,
    umask?: string,
  ): Promise<Ended>;
  git(...words: readonly string[]): Promise<Ended>;
}

export interface Ended {
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Checkouts extends AsyncDisposable {
  readonly folder: string;
  readonly first: Checkout;
  /** A clone of the first, elsewhere. */
  readonly second: Checkout;
}

const identity = {
  GIT_AUTHOR_NAME: "Test",
  GIT_AUTHOR_EMAIL: "test@example.com",
  GIT_COMMITTER_NAME: "Test",
  GIT_COMMITTER_EMAIL: "test@example.com",
};

/** What a release must not show: it stands in the environment of every one here. */
export const planted = {
  NPM_TOKEN: "planted-npm-token",
  CLOUDFLARE_API_TOKEN: "planted-cloudflare-token",
  GITHUB_TOKEN: "planted-github-token",
};

const start = async (
  program: string,
  words: readonly string[],
  folder: string,
  env: Readonly<Record<string, string>>,
): Promise<Ended> => {
  const { exitCode, stdout, stderr } = await execa(program, words, { cwd: folder, env, reject: false });
  return { exitCode, stdout, stderr };
};

const checkout = (folder: string): Checkout => ({
  folder,
  release: (words, variables = {}, umask = "022") => {
    const program = [process.execPath, "scripts/release.ts", ...words];
    return start("sh", ["-c", 'umask "$0" && exec "$@"', umask, ...program], folder, {
      ...planted,
      ...variables,
    });
  },
  git: (...words) => start("git", words, folder, identity),
});

/** Installed packages are this checkout's, by a link that git does not see. */
const link = async (folder: string) => {
  await symlink(join(root, "node_modules"), join(folder, "node_modules"));
  await mkdir(join(folder, ".git", "info"), { recursive: true });
  await writeFile(join(folder, ".git", "info", "exclude"), "node_modules\n");
};

export const openCheckouts = async (): Promise<Checkouts> => {
  const folder = await mkdtemp(join(tmpdir(), "provision-release-test-"));
  const first = checkout(join(folder, "first"));
  const second = checkout(join(folder, "some", "where", "else"));
  // What stands in the work tree, so that a change is tested before it is committed.
  const { stdout } = await execa("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
    cwd: root,
  });
  for (const file of stdout.split("\0").filter((name) => name !== "")) {
    await mkdir(dirname(join(first.folder, file)), { recursive: true });
    // A file that was removed and is still in the index.
    await cp(join(root, file), join(first.folder, file)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "ENOENT") throw error;
    });
  }
  await first.git("init", "--quiet");
  await link(first.folder);
  await first.git("add", "--all");
  await first.git("commit", "--quiet", "--message", "Everything");
  await execa("git", ["clone", "--quiet", first.folder, second.folder]);
  await link(second.folder);
  return {
    folder,
    first,
    second,
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
};

/** A CI host's bundle, asked for a plan without a login. Of its machine it gets Node and a new folder below `below`. */
export const planWith = async (
  program: string,
  below: string,
  variables: Readonly<Record<string, string>>,
): Promise<Ended> => {
  const folder = await mkdtemp(join(below, "job-"));
  await cp(join(root, "pipelines", "static-ip.yaml"), join(folder, "provision.yaml"));
  const env = { INPUT_COMMAND: "plan", INPUT_OFFLINE: "true", HOME: folder, ...variables };
  const { exitCode, stdout, stderr } = await execa(process.execPath, [program], {
    cwd: folder,
    env,
    extendEnv: false,
    reject: false,
  });
  return { exitCode, stdout, stderr };
};
