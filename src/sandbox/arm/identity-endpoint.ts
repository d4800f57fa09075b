/**
 * The managed identity endpoint of a cluster's control plane, for a cloud provider that runs as a process of its own:
 * in App Service's form, which identity libraries find by IDENTITY_ENDPOINT and IDENTITY_HEADER
 * (https://learn.microsoft.com/azure/app-service/overview-managed-identity#rest-endpoint-reference).
 */
import { createHmac, timingSafeEqual } from "node:crypto";
import type { Entra, Holder } from "../entra/service.ts";
import type { Call, Reply } from "../http/call.ts";
import { principalOf } from "./aks/nodes.ts";
import { clusterSchema, clusterType } from "./aks/schema.ts";
import type { Core } from "./core.ts";
import { keyOf } from "./id.ts";

const prefix = "/msi";

/** Whether a path is such an endpoint. */
export const isIdentityEndpoint = (path: string): boolean => path.startsWith(`${prefix}/subscriptions/`);

/**
 * What a program needs to log in as the cluster: IDENTITY_ENDPOINT and IDENTITY_HEADER. `url`: the sandbox's.
 * The header is a secret, made of the one that opens the sandbox's control.
 */
export const identityVariables = (
  url: string,
  controlToken: string,
  cluster: string,
): { readonly IDENTITY_ENDPOINT: string; readonly IDENTITY_HEADER: string } => ({
  IDENTITY_ENDPOINT: `${url}${prefix}${keyOf(cluster)}`,
  IDENTITY_HEADER: createHmac("sha256", controlToken).update(keyOf(cluster)).digest("hex"),
});

const equal = (a: string, b: string): boolean =>
  a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));

const refusal = (statusCode: number, message: string): Reply => ({
  status: statusCode,
  body: { statusCode, message },
});

/** The identity that a cluster acts as; undefined where there is no such cluster, or it has none. */
const holderOf = (core: Core, cluster: string): Holder | undefined => {
  const resource = core.arm.find(cluster);
  if (resource?.type !== clusterType) return undefined;
  const body = clusterSchema.parse(resource.body);
  const [assigned] = Object.keys(body.identity?.userAssignedIdentities ?? {});
  const principal = principalOf(body);
  const properties = assigned === undefined ? undefined : core.arm.find(assigned)?.body.properties;
  const client: unknown = Reflect.get(Object(properties), "clientId");
  if (body.identity?.type === "UserAssigned" && typeof client !== "string") return undefined;
  return {
    principal,
    // A system-assigned identity's application is not shown by ARM.
    client: typeof client === "string" ? client : principal,
    resource: assigned ?? resource.id,
  };
};

/** Answers a GET with the query `resource` and, for a user-assigned identity, its `client_id`. */
export const answerIdentity = (core: Core, entra: Entra, controlToken: string, call: Call): Reply => {
  const cluster = call.path.slice(prefix.length);
  const { IDENTITY_HEADER } = identityVariables("", controlToken, cluster);
  if (!equal(call.headers["x-identity-header"] ?? "", IDENTITY_HEADER)) {
    return refusal(401, "The X-IDENTITY-HEADER header is missing or wrong.");
  }
  const audience = call.query.get("resource");
  if (audience === null) return refusal(400, "The query parameter 'resource' is missing.");
  const holder = holderOf(core, cluster);
  const asked = call.query.get("client_id");
  if (!holder || (asked !== null && asked.toLowerCase() !== holder.client.toLowerCase())) {
    return refusal(
      400,
      "No User Assigned or Delegated Managed Identity found for specified ClientId/ResourceId/PrincipalId.",
    );
  }
  const expires = Math.floor(core.arm.world.pace.now() / 1000) + entra.tokenLifetime();
  return {
    status: 200,
    body: {
      access_token: entra.issue(audience, holder),
      client_id: holder.client,
      expires_on: String(expires),
      resource: audience,
      token_type: "Bearer",
    },
  };
};
