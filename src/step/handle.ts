/**
 * Handles: what one step hands to another. A handle is an object with a literal `kind`, names and ids, and never
 * a credential; a client's credential is made from it by the context.
 */
import { z } from "zod";
import type { Ref } from "./ref.ts";

/** `handle("public-ip", { id: ..., address: ... })`: an object whose `kind` tells it from every other handle. */
export const handle = <Kind extends string, Shape extends z.core.$ZodLooseShape>(kind: Kind, shape: Shape) =>
  z.object({ kind: z.literal(kind).describe(`Always \`${kind}\`.`), ...shape });

/** A group that resources live in. */
export const resourceGroupHandle = handle("resource-group", {
  id: z.string().describe("ARM id of the resource group."),
  name: z.string().describe("Name of the resource group."),
  location: z.string().describe("Azure region, as in `westeurope`."),
});
export type ResourceGroupHandle = z.output<typeof resourceGroupHandle>;

/** A static public address. */
export const publicIpHandle = handle("public-ip", {
  id: z.string().describe("ARM id of the public IP address."),
  name: z.string().describe("Name of the public IP address."),
  group: z.string().describe("Name of the resource group that holds it."),
  address: z.string().describe("The IPv4 address."),
});
export type PublicIpHandle = z.output<typeof publicIpHandle>;

/** A user-assigned managed identity. */
export const identityHandle = handle("identity", {
  id: z.string().describe("ARM id of the managed identity."),
  name: z.string().describe("Name of the managed identity."),
  principalId: z.string().describe("Object id of its service principal, which role assignments name."),
  clientId: z.string().describe("Client id (application id), which workloads log in with."),
});
export type IdentityHandle = z.output<typeof identityHandle>;

/** The subscription that a run acts in. */
export const subscriptionHandle = handle("subscription", {
  id: z.string().describe("ARM id of the subscription."),
  subscriptionId: z.string().describe("The subscription's id, a GUID."),
  tenantId: z.string().describe("Id of the Entra tenant that it trusts, a GUID."),
  name: z.string().describe("Name of the subscription."),
});
export type SubscriptionHandle = z.output<typeof subscriptionHandle>;

/** An application in Entra. */
export const applicationHandle = handle("application", {
  name: z.string().describe("Unique name of the application in its tenant."),
  clientId: z.string().describe("Client id (application id), which logins name."),
  objectId: z.string().describe("Object id of the application itself, which roles never name."),
});
export type ApplicationHandle = z.output<typeof applicationHandle>;

/** The service principal of an application. */
export const servicePrincipalHandle = handle("service-principal", {
  id: z
    .string()
    .describe("Address that is the same before and after it exists; role assignments are named after it."),
  name: z.string().describe("Unique name of its application."),
  principalId: z.string().describe("Object id of the service principal, which role assignments name."),
  clientId: z.string().describe("Client id (application id), which logins name."),
  tenantId: z.string().describe("Id of the Entra tenant that it is in, a GUID."),
});
export type ServicePrincipalHandle = z.output<typeof servicePrincipalHandle>;

/** A role that an identity holds on a scope. */
export const grantHandle = handle("grant", {
  id: z.string().describe("ARM id of the role assignment."),
  principalId: z.string().describe("Object id of the service principal that holds the role."),
  scope: z.string().describe("ARM id that the role is assigned on."),
  role: z.string().describe("Name of the built-in role."),
});
export type GrantHandle = z.output<typeof grantHandle>;

/** A Log Analytics workspace. */
export const workspaceHandle = handle("workspace", {
  id: z.string().describe("ARM id of the Log Analytics workspace."),
  name: z.string().describe("Name of the workspace."),
});
export type WorkspaceHandle = z.output<typeof workspaceHandle>;

/**
 * A Kubernetes cluster. `id` is all that a client needs to log in: the ARM id and `#` and the access for AKS
 * (`/subscriptions/…/managedClusters/clu#admin`), or `kubeconfig:<path>#<context>` for one that is already there.
 */
export const clusterHandle = handle("cluster", {
  id: z
    .string()
    .describe("Address of the cluster for clients: ARM id or kubeconfig, `#`, access or context."),
  name: z.string().describe("Name of the cluster."),
});
export type ClusterHandle = z.output<typeof clusterHandle>;

/** The type of every Ref to a cluster that something lives in, however the cluster came to be. */
export const clusterRefType = "kubernetes/cluster";

/** The Ref of a cluster, for what lives in it. */
export const clusterRef = (cluster: Pick<ClusterHandle, "id">): Ref => ({
  type: clusterRefType,
  version: 1,
  id: cluster.id,
});

/** A Cloudflare zone. */
export const zoneHandle = handle("zone", {
  id: z.string().describe("Cloudflare's id of the zone."),
  name: z.string().describe("The zone's domain name."),
});
export type ZoneHandle = z.output<typeof zoneHandle>;

/** A DNS zone on Azure DNS. */
export const azureDnsZoneHandle = handle("azure-dns-zone", {
  id: z.string().describe("ARM id of the zone."),
  name: z.string().describe("The zone's domain name."),
  nameServers: z
    .array(z.string())
    .describe("Its name servers, which the registrar must name for the world to ask them."),
});
export type AzureDnsZoneHandle = z.output<typeof azureDnsZoneHandle>;

/** An installed cert-manager, proven by its webhook. */
export const certManagerHandle = handle("cert-manager", {
  cluster: z.string().describe("Id of the cluster it runs in, as in the cluster's handle."),
  namespace: z.string().describe("Namespace that it runs in, where secrets of ClusterIssuers live."),
  version: z.string().describe("Version of its chart, as in `v1.19.1`."),
});
export type CertManagerHandle = z.output<typeof certManagerHandle>;

/** An ingress controller, on its address. */
export const ingressHandle = handle("ingress", {
  cluster: z.string().describe("Id of the cluster it runs in, as in the cluster's handle."),
  className: z.string().describe("Name of its IngressClass."),
  address: z.string().describe("The IPv4 address that it answers on."),
  namespace: z.string().describe("Namespace that it runs in."),
  service: z.string().describe("Name of its Service of type LoadBalancer."),
});
export type IngressHandle = z.output<typeof ingressHandle>;

/** A pair of ClusterIssuers. */
export const issuersHandle = handle("issuers", {
  cluster: z.string().describe("Id of the cluster they are in, as in the cluster's handle."),
  staging: z.string().describe("Name of the ClusterIssuer whose certificates no browser trusts, for trials."),
  production: z.string().describe("Name of the ClusterIssuer whose certificates browsers trust."),
});
export type IssuersHandle = z.output<typeof issuersHandle>;

/** An installed External DNS. */
export const externalDnsHandle = handle("external-dns", {
  cluster: z.string().describe("Id of the cluster it runs in, as in the cluster's handle."),
  namespace: z.string().describe("Namespace that it runs in."),
  deployment: z.string().describe("Name of its Deployment."),
  owner: z.string().describe("Its TXT owner id, which tells its records from those of others."),
  domainFilters: z.array(z.string()).describe("Domains that it may write records in."),
  policy: z
    .enum(["sync", "upsert-only", "create-only"])
    .describe("Whether it removes records whose source is gone: only `sync` does."),
});
export type ExternalDnsHandle = z.output<typeof externalDnsHandle>;

/** An SSH key that may read (or write) a git repository, kept in a cluster's Secret. */
export const deployKeyHandle = handle("deploy-key", {
  namespace: z.string().describe("Namespace of the Secret that holds the key pair."),
  secret: z
    .string()
    .describe("Name of the Secret, with the keys `identity`, `identity.pub` and `known_hosts`."),
  repository: z
    .string()
    .describe("Address of the repository over SSH, as in `ssh://git@github.com/owner/name`."),
  publicKey: z.string().describe("The public key, as in `ssh-ed25519 AAAA…`."),
  fingerprint: z.string().describe("The public key's fingerprint, as in `SHA256:…`, as hosts show it."),
});
export type DeployKeyHandle = z.output<typeof deployKeyHandle>;
