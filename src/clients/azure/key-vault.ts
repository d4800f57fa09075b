/** Reads a secret of an Azure Key Vault with the run's own login. */
import { z } from "zod";
import type { Use } from "../../step/context.ts";
import { Failure } from "../../step/failure.ts";
import { azure } from "./client.ts";
import { failureOfAnswer, failureOfThrown } from "./errors.ts";

const apiVersion = "7.4";
const secretBundle = z.object({ value: z.string() });

/** The vault's address: a name in public Azure, or a whole address for another cloud. */
const addressOf = (vault: string): URL =>
  new URL(vault.startsWith("https://") ? vault : `https://${vault}.vault.azure.net`);

/**
 * The current version of a secret's text.
 * @throws Failure `not-found`, `forbidden` (the login needs Key Vault Secrets User), `unauthenticated`, `transient`.
 */
export const readKeyVaultSecret = async (use: Use, vault: string, name: string): Promise<string> => {
  const client = await use(azure);
  const address = addressOf(vault);
  const resource = `${address.origin}/secrets/${name}`;
  const { signal } = new AbortController();
  // The audience is the vault's domain without the vault's own label.
  const audience = `https://${address.hostname.split(".").slice(1).join(".")}/.default`;
  const { token } = await client.token(audience, signal);
  const response = await answered(`${resource}?api-version=${apiVersion}`, token, resource);
  const body: unknown = await response.json().catch(() => undefined);
  const parsed = secretBundle.safeParse(body);
  if (response.ok && parsed.success) return parsed.data.value;
  const failure = failureOfAnswer(
    { status: response.status, headers: Object.fromEntries(response.headers), body },
    resource,
  );
  throw new Failure({ ...failure, message: failure.message, hint: hintOf(response.status) ?? failure.hint });
};

const answered = async (url: string, token: string, resource: string): Promise<Response> => {
  try {
    return await fetch(url, { headers: { authorization: `Bearer ${token}` } });
  } catch (error) {
    throw failureOfThrown(error instanceof Error && error.cause ? error.cause : error, resource);
  }
};

const hintOf = (status: number): string | undefined => {
  if (status === 403)
    return "The login needs the role Key Vault Secrets User on the vault, and the vault's firewall must let it in.";
  if (status === 404)
    return "There is no such secret in the vault: `az keyvault secret list --vault-name VAULT`.";
  return undefined;
};
