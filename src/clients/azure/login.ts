/** From an environment to a cloud and a login on it: what every client of Azure starts from. */
import { readFile } from "node:fs/promises";
import type { AccessToken, TokenCredential } from "@azure/identity";
import type { Environment } from "../../step/context.ts";
import { Failure } from "../../step/failure.ts";
import { type Cloud, cloudAt } from "./cloud.ts";
import { openCredential, type Transport } from "./credential.ts";
import { failureOfThrown } from "./errors.ts";
import { createRenewal, type RenewalPolicy } from "./renewal.ts";

export interface Login {
  readonly cloud: Cloud;
  readonly credential: TokenCredential;
  readonly transport: Transport;
  /** For every client's pipeline: replaces a token that is refused. */
  readonly renewal: RenewalPolicy;
}

/** Finds the cloud, the certificate authorities to trust and the credential. Asks for no token yet. */
export const openLogin = async ({
  variables,
  azure,
}: Pick<Environment, "variables" | "azure">): Promise<Login> => {
  const authorities = variables.PROVISION_CA_FILE
    ? await readFile(variables.PROVISION_CA_FILE, "utf8")
    : undefined;
  const transport: Transport = authorities === undefined ? {} : { tlsOptions: { ca: authorities } };
  const endpoint = azure.endpoint ?? variables.PROVISION_AZURE_ENDPOINT;
  const cloud = await cloudAt(endpoint || undefined, variables.AZURE_AUTHORITY_HOST, authorities);
  const open = () => openCredential(variables, cloud, transport);
  return { cloud, transport, credential: await open(), renewal: createRenewal(open, cloud.scope) };
};

/** A token for an audience. @throws Failure `unauthenticated` where there is no login, or Entra refuses it. */
export const tokenOf = async (
  { credential }: Pick<Login, "credential">,
  scope: string,
  signal: AbortSignal,
): Promise<AccessToken> => {
  try {
    const token = await credential.getToken(scope, { abortSignal: signal });
    if (token) return token;
  } catch (error) {
    throw failureOfThrown(error, scope);
  }
  throw new Failure({
    kind: "unauthenticated",
    code: "P0804",
    message: `no token for ${scope}`,
    hint: "`az login`",
  });
};
