/**
 * A deploy key at its host: registered through GitHub's API where there is a token that may, else by a person. Reads
 * and writes only there; the pair itself is the cluster's.
 */

import { parseRepository, type Repository } from "../../clients/git/repository.ts";
import { sameKey } from "../../clients/git/ssh-key.ts";
import type { DeployKey, GitHubClient, GitHubRepository } from "../../clients/github/client.ts";
import { github, githubEndpoint, githubToken } from "../../clients/github/github.ts";
import type { Environment, StepContext } from "../../step/context.ts";
import { Failure } from "../../step/failure.ts";

export type Registration =
  | { readonly state: "registered"; readonly key: DeployKey }
  | { readonly state: "missing" }
  /** Nobody can ask the host with what is at hand. */
  | { readonly state: "unknown"; readonly because: string };

/** True where no real host is asked: the sandbox has no GitHub unless an endpoint is named. */
export const isPretended = (environment: Environment): boolean =>
  environment.sandbox && githubEndpoint(environment) === undefined;

const reachable = async (
  context: StepContext,
  repository: string,
): Promise<{ readonly client: GitHubClient; readonly at: GitHubRepository } | string> => {
  const { github: at, host }: Partial<Repository> = parseRepository(repository) ?? {};
  if (!at) return `${host ?? repository} is not GitHub, whose API alone is known`;
  if (isPretended(context.environment)) return "the sandbox has no GitHub";
  if (!githubToken(context.environment)) return "there is no token for GitHub";
  return { client: await context.use(github), at };
};

export const findRegistration = async (
  context: StepContext,
  repository: string,
  publicKey: string,
): Promise<Registration> => {
  const there = await reachable(context, repository);
  if (typeof there === "string") return { state: "unknown", because: there };
  try {
    const keys = await there.client.deployKeys(there.at);
    const key = keys.find((each) => sameKey(each.key, publicKey));
    return key ? { state: "registered", key } : { state: "missing" };
  } catch (error) {
    return { state: "unknown", because: withoutPermission(error) };
  }
};

/** GitHub answers 404 to a token that may not manage a private repository. Other failures pass through. */
const withoutPermission = (error: unknown): string => {
  if (error instanceof Failure && ["forbidden", "not-found", "unauthenticated"].includes(error.kind)) {
    return `the GitHub token may not manage deploy keys (${error.code})`;
  }
  throw error;
};

export interface WantedKey {
  readonly repository: string;
  readonly publicKey: string;
  readonly readOnly: boolean;
  readonly title: string;
}

/** Registers the key, or again where its access differs: GitHub can't change a key. Without a token nothing is done. */
export const register = async (context: StepContext, wanted: WantedKey): Promise<void> => {
  const there = await reachable(context, wanted.repository);
  if (typeof there === "string") return;
  const registration = await findRegistration(context, wanted.repository, wanted.publicKey);
  if (registration.state === "unknown") return;
  if (registration.state === "registered") {
    if (registration.key.readOnly === wanted.readOnly) return;
    await context.fence();
    await there.client.removeDeployKey(there.at, registration.key.id);
  }
  await context.fence();
  try {
    const { title, publicKey, readOnly } = wanted;
    await there.client.addDeployKey(there.at, { title, key: publicKey, readOnly });
  } catch (error) {
    withoutPermission(error);
  }
};

/** Removes the key from the host. Where that can't be done, says what is left to do by hand. */
export const unregister = async (
  context: StepContext,
  repository: string,
  publicKey: string,
): Promise<void> => {
  const registration = await findRegistration(context, repository, publicKey);
  if (registration.state === "missing" || isPretended(context.environment)) return;
  if (registration.state === "registered") {
    const there = await reachable(context, repository);
    if (typeof there === "string") return;
    await context.fence();
    await there.client.removeDeployKey(there.at, registration.key.id);
    return;
  }
  context.report({
    kind: "warning",
    code: "P0481",
    message: `the deploy key stays registered at ${repository}: ${registration.because}`,
    hint: `its private half is destroyed; remove the public one at ${settingsPage(repository)}`,
  });
};

/** Where a person sees the keys of a repository; without GitHub, the repository itself. */
export const settingsPage = (repository: string, page: "" | "/new" = ""): string => {
  const at = parseRepository(repository)?.github;
  return at ? `https://github.com/${at.owner}/${at.name}/settings/keys${page}` : repository;
};
