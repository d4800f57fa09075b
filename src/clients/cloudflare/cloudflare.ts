/** The keys under which a run opens Cloudflare: its own credential, or another token that preflight looks at. */
import type { ClientKey, Environment } from "../../step/context.ts";
import { Failure } from "../../step/failure.ts";
import { Secret } from "../../step/secret.ts";
import type { CloudflareClient } from "./client.ts";

/** The run's own credential: `credentials.cloudflare` of the pipeline, else `CLOUDFLARE_API_TOKEN`. */
export const cloudflare: ClientKey<CloudflareClient> = {
  name: "cloudflare",
  open: async (environment) => openWith(environment, tokenOf(environment)),
};

let others = 0;

/** Another token than the run's, to be looked at by preflight. Each call names a client of its own. */
export const cloudflareWith = (token: Secret): ClientKey<CloudflareClient> => ({
  name: `cloudflare token ${++others} (${token.origin})`,
  open: async (environment) => openWith(environment, token),
});

const openWith = async (environment: Environment, token: Secret): Promise<CloudflareClient> => {
  const { cloudflareClient } = await import("./sdk.ts");
  return cloudflareClient({ token, baseUrl: environment.variables.CLOUDFLARE_BASE_URL || undefined });
};

/** The run's own token; undefined where there is none. */
export const ownToken = ({ variables, credentials }: Environment): Secret | undefined => {
  const variable = variables.CLOUDFLARE_API_TOKEN;
  return credentials.cloudflare ?? (variable ? new Secret(variable, "CLOUDFLARE_API_TOKEN") : undefined);
};

const tokenOf = (environment: Environment): Secret => {
  const token = ownToken(environment);
  if (token) return token;
  throw new Failure({
    kind: "unauthenticated",
    code: "P0470",
    message: "there is no API token for Cloudflare",
    hint: "Set CLOUDFLARE_API_TOKEN, or `credentials.cloudflare` in the pipeline, to a token with Zone:Read and DNS:Edit: https://dash.cloudflare.com/profile/api-tokens",
  });
};
