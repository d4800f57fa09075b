/** Reads one secret of an Azure Key Vault, for a pipeline's `secrets: { x: { keyVault, name } }`. */
import { z } from "zod";
import type { Use } from "../../step/context.ts";
import { Failure } from "../../step/failure.ts";
import { azure } from "./client.ts";

/** https://learn.microsoft.com/rest/api/keyvault/secrets/get-secret/get-secret */
const version = "7.4";

const answerSchema = z.object({ value: z.string() });

/** `vault`: its name, or its whole URL in another cloud. Throws a Failure that never holds the value. */
export const readKeyVaultSecret = async (use: Use, vault: string, name: string): Promise<string> => {
  const url = new URL(
    `/secrets/${encodeURIComponent(name)}`,
    vault.includes("://") ? vault : `https://${vault}.vault.azure.net`,
  );
  url.searchParams.set("api-version", version);
  // The audience is the vault's own domain: vault.azure.net, vault.azure.cn, vault.usgovcloudapi.net.
  const audience = `https://${url.hostname.split(".").slice(1).join(".")}/.default`;
  const client = await use(azure);
  const { token } = await client.token(audience, AbortSignal.timeout(60_000));
  const response = await fetch(url, { headers: { authorization: `Bearer ${token}` } }).catch(
    (error: unknown) => {
      throw failure("transient", url, error instanceof Error ? error.message : String(error));
    },
  );
  if (!response.ok)
    throw failure(response.status === 403 ? "forbidden" : "rejected", url, `HTTP ${response.status}`);
  const answer = answerSchema.safeParse(await response.json());
  if (!answer.success) throw failure("unexpected", url, "an answer without a value");
  return answer.data.value.trim();
};

const failure = (
  kind: "transient" | "forbidden" | "rejected" | "unexpected",
  url: URL,
  why: string,
): Failure =>
  new Failure({
    kind,
    code: "P0422",
    message: `can't read the secret at ${url.origin}${url.pathname}: ${why}`,
    hint:
      kind === "forbidden"
        ? "the login needs the role `Key Vault Secrets User` on the vault"
        : "check the vault's and the secret's names",
    resource: url.hostname,
  });
