/** What a folder's git remote tells of where its code lives: the CI host, and the repository on GitHub. */
import { execFile } from "node:child_process";
import type { HostName } from "./choices.ts";

export interface Remote {
  readonly host: Exclude<HostName, "none">;
  /** `owner/name`, on GitHub alone. */
  readonly repository?: string | undefined;
}

/** The address of `origin`; undefined where there is no git, no repository or no such remote. */
export const originOf = (
  directory: string,
  variables: Readonly<Record<string, string | undefined>>,
): Promise<string | undefined> =>
  new Promise((done) => {
    const options = { cwd: directory, env: { ...variables }, timeout: 10_000 };
    execFile("git", ["remote", "get-url", "origin"], options, (error, stdout) =>
      done(error ? undefined : stdout.trim()),
    );
  });

// Of a path, so that no password in the address is ever read: https://user:token@github.com/owner/name.git
const github = /(?:^|[@/])github\.com[:/](?<repository>[^/\s]+\/[^/\s]+?)(?:\.git)?\/?$/;
const azure = /(?:^|[@/.])(?:dev\.azure\.com|visualstudio\.com)[:/]/;

/** Reads the forms of `https://`, `ssh://` and `git@host:`. */
export const readRemote = (url: string | undefined): Remote | undefined => {
  if (url === undefined) return undefined;
  const repository = github.exec(url)?.groups?.repository;
  if (repository !== undefined) return { host: "github", repository };
  return azure.test(url) ? { host: "azure-pipelines" } : undefined;
};
