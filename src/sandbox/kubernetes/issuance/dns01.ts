/**
 * The DNS01 challenge on Cloudflare: the token of the solver's Secret writes the TXT record and takes it away again, so
 * that a token that can't do so is refused here in Cloudflare's words, as cert-manager repeats them.
 */
import { createHash } from "node:crypto";
import { z } from "zod";
import type { ClusterApi } from "../cluster-api.ts";
import { at, type JsonObject, textOf } from "../json.ts";

const answer = z.looseObject({
  errors: z.array(z.looseObject({ code: z.number(), message: z.string() })).default([]),
  result: z.unknown(),
});
const identified = z.looseObject({ id: z.string() });

/** Throws an Error with the refusal, as cert-manager's Cloudflare client words it. */
const ask = (cluster: ClusterApi, token: string, method: string, path: string, body?: unknown): unknown => {
  const reply = cluster.world.cloudflare.request(token, method, path, body);
  const { errors, result } = answer.parse(reply.body);
  if (reply.status < 300) return result;
  const said = errors.map(({ code, message }) => `\t Error: ${code}: ${message}`).join("");
  throw new Error(`while querying the Cloudflare API for ${method} "${path}" \n${said}`);
};

/** The zone with the longest name that the token sees and that the domain is in. */
const zoneOf = (cluster: ClusterApi, token: string, record: string): string => {
  const labels = record.split(".");
  for (let first = 1; first < labels.length - 1; first++) {
    const name = labels.slice(first).join(".");
    const [zone] = z.array(identified).parse(ask(cluster, token, "GET", `/zones?name=${name}`));
    if (zone) return zone.id;
  }
  throw new Error(
    `Found no Zones for domain ${record}. (neither in the sub-domain nor in the SLD) please make sure your domain-entries in the config are correct and the API key is correctly setup with Zone.read rights.`,
  );
};

/**
 * `undefined` when the name is proven. `namespace`: of the Secrets, which is the controller's own for a ClusterIssuer
 * and the issuer's for an Issuer.
 */
export const dns01Problem = (
  cluster: ClusterApi,
  solver: JsonObject,
  dnsName: string,
  namespace: string,
): string | undefined => {
  if (at(solver, "dns01", "cloudflare") === undefined) return "sandbox: DNS01 is played for Cloudflare only";
  const reference = at(solver, "dns01", "cloudflare", "apiTokenSecretRef");
  const name = textOf(at(reference, "name")) ?? "";
  const key = textOf(at(reference, "key")) ?? "";
  const secret = cluster.get({ apiVersion: "v1", kind: "Secret", namespace, name });
  if (!secret) return `error getting cloudflare secret: secrets "${name}" not found`;
  const encoded = textOf(at(secret, "data", key));
  if (encoded === undefined) return `specified key "${key}" not found in secret ${namespace}/${name}`;
  const token = Buffer.from(encoded, "base64").toString();
  const record = `_acme-challenge.${dnsName.replace(/^\*\./, "")}`;
  try {
    const zone = zoneOf(cluster, token, record);
    const content = createHash("sha256").update(`${dnsName} ${cluster.key}`).digest("base64url");
    const path = `/zones/${zone}/dns_records`;
    const { id } = identified.parse(
      ask(cluster, token, "POST", path, { type: "TXT", name: record, content, ttl: 120 }),
    );
    ask(cluster, token, "DELETE", `${path}/${id}`);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
};
