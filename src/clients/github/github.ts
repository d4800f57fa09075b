/**
 * The GitHub client: three calls of the REST API (docs.github.com/en/rest/deploy-keys/deploy-keys) over fetch. The
 * token needs Administration: read and write on the repository, which an Action's own GITHUB_TOKEN never has.
 */
import { z } from "zod";
import type { ClientKey, Environment } from "../../step/context.ts";
import { Failure } from "../../step/failure.ts";
import { Secret } from "../../step/secret.ts";
import type { DeployKey, GitHubClient, GitHubRepository } from "./client.ts";
import { connectionFailure, failureOf } from "./failure.ts";

/** The pipeline's `credentials.github`, else `GITHUB_TOKEN`. */
export const githubToken = (environment: Environment): Secret | undefined => {
  const variable = environment.variables.GITHUB_TOKEN;
  return environment.credentials.github ?? (variable ? new Secret(variable, "GITHUB_TOKEN") : undefined);
};

/** Where another GitHub than github.com's API is to be asked: an emulator, a proxy. */
export const githubEndpoint = (environment: Environment): string | undefined =>
  environment.variables.PROVISION_GITHUB_ENDPOINT || undefined;

export const github: ClientKey<GitHubClient> = {
  name: "github",
  open: async (environment) => {
    const token = githubToken(environment);
    if (!token) {
      throw new Failure({
        kind: "unauthenticated",
        code: "P0480",
        message: "there is no token for GitHub",
        hint: "Set GITHUB_TOKEN, or `credentials.github` in the pipeline, to a token with Administration: read and write on the repository.",
      });
    }
    return githubClient({ token, endpoint: githubEndpoint(environment) });
  },
};

export interface GitHubOptions {
  readonly token: Secret;
  /** Without it `https://api.github.com`. */
  readonly endpoint?: string | undefined;
  readonly fetch?: typeof fetch | undefined;
}

const keySchema = z.object({
  id: z.number(),
  title: z.string(),
  key: z.string(),
  read_only: z.boolean().default(true),
});

/** The most that one page holds. */
const perPage = 100;
/** Milliseconds for one request. */
const requestTimeout = 30_000;

export const githubClient = (options: GitHubOptions): GitHubClient => {
  const endpoint = (options.endpoint ?? "https://api.github.com").replace(/\/$/, "");
  const ask = options.fetch ?? fetch;

  const call = async (method: string, path: string, resource: string, body?: unknown): Promise<unknown> => {
    let response: Response;
    let text: string;
    try {
      response = await ask(`${endpoint}${path}`, {
        method,
        headers: {
          accept: "application/vnd.github+json",
          authorization: `Bearer ${options.token.reveal().trim()}`,
          "user-agent": "provision",
          "x-github-api-version": "2022-11-28",
          ...(body === undefined ? {} : { "content-type": "application/json" }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(requestTimeout),
      });
      text = await response.text();
    } catch (error) {
      throw connectionFailure(error, resource);
    }
    if (!response.ok) throw failureOf(response.status, response.headers, text, resource);
    return text === "" ? undefined : JSON.parse(text);
  };

  const keysPath = ({ owner, name }: GitHubRepository): string =>
    `/repos/${encodeURIComponent(owner)}/${encodeURIComponent(name)}/keys`;
  const shown = ({ owner, name }: GitHubRepository): string => `the deploy keys of ${owner}/${name}`;

  return {
    deployKeys: async (repository) => {
      const keys: DeployKey[] = [];
      for (let page = 1; ; page++) {
        const query = `?per_page=${perPage}&page=${page}`;
        const answer = await call("GET", `${keysPath(repository)}${query}`, shown(repository));
        const found = z.array(keySchema).parse(answer).map(deployKeyOf);
        keys.push(...found);
        if (found.length < perPage) return keys;
      }
    },
    addDeployKey: async (repository, { title, key, readOnly }) =>
      deployKeyOf(
        keySchema.parse(
          await call("POST", keysPath(repository), shown(repository), { title, key, read_only: readOnly }),
        ),
      ),
    removeDeployKey: async (repository, id) => {
      try {
        await call("DELETE", `${keysPath(repository)}/${id}`, shown(repository));
      } catch (error) {
        if (!(error instanceof Failure) || error.kind !== "not-found") throw error;
      }
    },
  };
};

const deployKeyOf = ({ id, title, key, read_only }: z.output<typeof keySchema>): DeployKey => ({
  id,
  title,
  key,
  readOnly: read_only,
});
