/**
 * Error codes of ARM, AKS and Entra: what each means for the run (`kind`) and what a person can do. The codes are
 * those of the services' public error references; a code that is not here is judged by its HTTP status.
 */
import type { FailureKind } from "../../step/failure.ts";

export interface KnownError {
  readonly kind: FailureKind;
  /** The likely cause and what to do about it. */
  readonly hint: string;
}

const entries: Readonly<Record<string, KnownError>> = {
  // Quota, sizes, zones, versions: nothing but a change of the pipeline or the subscription helps.
  QuotaExceeded: {
    kind: "rejected",
    hint: "The subscription's quota in this region is used up: ask for more under Quotas in the Azure portal, or choose a smaller size, a lower count or another region.",
  },
  ManagedClusterCountExceedsQuotaLimit: {
    kind: "rejected",
    hint: "The subscription has as many AKS clusters in this region as it may have: remove one, choose another region, or ask for more.",
  },
  PublicIPCountLimitReached: {
    kind: "rejected",
    hint: "The region's quota of public IP addresses is used up: remove unused ones (`az network public-ip list`), or ask for more.",
  },
  SkuNotAvailable: {
    kind: "rejected",
    hint: "This VM size is not offered to the subscription in this region or zone: see `az vm list-skus --location REGION --zone --all`.",
  },
  AvailabilityZoneNotSupported: {
    kind: "rejected",
    hint: "The region or the VM size has no such zones: change `zones`, or choose another size or region.",
  },
  K8sVersionNotSupported: {
    kind: "rejected",
    hint: "See what the region offers with `az aks get-versions --location REGION`, and set `kubernetesVersion` to one of them.",
  },
  AgentPoolK8sVersionNotSupported: {
    kind: "rejected",
    hint: "A node pool may be at most three minors older than the control plane, and never newer: upgrade the control plane first.",
  },
  MissingSubscriptionRegistration: {
    kind: "rejected",
    hint: "A resource provider is not registered in the subscription: `az provider register --namespace NAMESPACE --wait`.",
  },
  LocationNotAvailableForResourceType: {
    kind: "rejected",
    hint: "This kind of resource is not offered in this region: change `location`.",
  },
  InvalidResourceGroupLocation: {
    kind: "rejected",
    hint: "The resource group exists in another region, and a group can't move: use that region, or another name.",
  },
  DnsRecordInUse: {
    kind: "rejected",
    hint: "Another address in this region has this DNS label: choose another `dnsLabel`.",
  },
  PublicIPAddressCannotBeDeleted: {
    kind: "busy",
    hint: "A load balancer or network interface still uses this address: remove the Service or cluster that does.",
  },
  InUsePublicIpAddressCannotBeDeleted: {
    kind: "busy",
    hint: "A load balancer or network interface still uses this address: remove the Service or cluster that does.",
  },
  ScopeLocked: {
    kind: "rejected",
    hint: "A lock forbids this: see `az lock list`, and remove the lock if it is meant to go.",
  },
  RequestDisallowedByPolicy: {
    kind: "rejected",
    hint: "An Azure Policy forbids this: the message names it. Change the pipeline to fit it, or ask for an exemption.",
  },
  VMExtensionError_OutboundConnFail: {
    kind: "rejected",
    hint: "The nodes can't reach what AKS needs: look at the firewall, the route table and the network security group of their subnet.",
  },
  ServicePrincipalValidationClientError: {
    kind: "replicating",
    hint: "The cluster's identity is not known everywhere yet, or its secret is wrong.",
  },
  RoleAssignmentUpdateNotPermitted: {
    kind: "rejected",
    hint: "A role assignment's principal, role and scope can't change: it has to be removed and made anew.",
  },
  RoleAssignmentExists: {
    kind: "conflict",
    hint: "The same role is assigned already, under another name: remove that assignment, or leave this step out.",
  },
  // Rights and login.
  AuthorizationFailed: {
    kind: "forbidden",
    hint: "The login lacks the right that the message names: ask for a role that has it, on the scope that the message names. A role granted minutes ago needs a new login.",
  },
  LinkedAuthorizationFailed: {
    kind: "forbidden",
    hint: "The login may do this, but not on a resource it refers to: for an address or a subnet in another group it needs Network Contributor there.",
  },
  InvalidAuthenticationToken: {
    kind: "unauthenticated",
    hint: "The login is not valid here: `az login`, and check the tenant.",
  },
  InvalidAuthenticationTokenTenant: {
    kind: "unauthenticated",
    hint: "The login is for another tenant than the subscription's: `az login --tenant TENANT`, or set AZURE_TENANT_ID.",
  },
  ExpiredAuthenticationToken: { kind: "unauthenticated", hint: "The login has expired: `az login`." },
  SubscriptionNotFound: {
    kind: "rejected",
    hint: "The subscription does not exist in this tenant, or the login can't see it: `az account list --output table`, then `--subscription ID`.",
  },
  InvalidSubscriptionId: {
    kind: "rejected",
    hint: "A subscription's id is a GUID: `az account list --output table`, then `--subscription ID`.",
  },
  DisabledSubscription: {
    kind: "rejected",
    hint: "The subscription is disabled: it has to be enabled in the Azure portal.",
  },
  ReadOnlyDisabledSubscription: {
    kind: "rejected",
    hint: "The subscription is disabled: it has to be enabled in the Azure portal.",
  },
  // What passes by itself.
  PrincipalNotFound: {
    kind: "replicating",
    hint: "The identity was made a moment ago and is not known everywhere in Entra yet.",
  },
  AksCapacityHeavyUsage: { kind: "transient", hint: "AKS is short of capacity in this region just now." },
  AKSCapacityError: { kind: "transient", hint: "AKS is short of capacity in this region just now." },
  AKSOperationPreempted: { kind: "transient", hint: "Another operation took precedence on the cluster." },
  OperationPreempted: { kind: "transient", hint: "Another operation took precedence." },
  AllocationFailed: {
    kind: "transient",
    hint: "The region is short of machines of this size just now: another size, zone or region may have them.",
  },
  ZonalAllocationFailed: {
    kind: "transient",
    hint: "The zone is short of machines of this size just now: another size or zone may have them.",
  },
  OverconstrainedAllocationRequest: {
    kind: "rejected",
    hint: "No place in the region fits size, zones and disks together: loosen one of them.",
  },
  RetryableError: { kind: "transient", hint: "Azure asks to try again." },
  ServerTimeout: { kind: "transient", hint: "Azure did not answer in time." },
  OperationNotAllowed: {
    kind: "busy",
    hint: "Another operation is running on it: it is waited for.",
  },
  AnotherOperationInProgress: { kind: "busy", hint: "Another operation is running on it: it is waited for." },
  ConflictingConcurrentWriteNotAllowed: {
    kind: "busy",
    hint: "Another operation is running on it: it is waited for.",
  },
  ResourceGroupBeingDeleted: { kind: "busy", hint: "The group is being deleted: its end is waited for." },
  ResourceBeingDeleted: { kind: "busy", hint: "It is being deleted: its end is waited for." },
  EtagMismatch: {
    kind: "conflict",
    hint: "It was changed by somebody else since it was read: run again to plan from how it is now.",
  },
  PreconditionFailed: {
    kind: "conflict",
    hint: "It was changed by somebody else since it was read: run again to plan from how it is now.",
  },
  Throttled: { kind: "throttled", hint: "The service was asked too often." },
  TooManyRequests: { kind: "throttled", hint: "The service was asked too often." },
  OperationResourceNotFound: { kind: "transient", hint: "The running operation is not listed any more." },
};

const lowerCased: ReadonlyMap<string, KnownError> = new Map(
  Object.entries(entries).map(([code, known]) => [code.toLowerCase(), known]),
);

/** What is known of a code, compared without case. */
export const knownError = (code: string, message: string): KnownError | undefined => {
  // One code, two meanings: a quota, or a running operation.
  if (code === "OperationNotAllowed" && /quota|limit|cores/i.test(message)) return entries.QuotaExceeded;
  return lowerCased.get(code.toLowerCase());
};

const entraHints: Readonly<Record<string, string>> = {
  AADSTS7000222:
    "The service principal's client secret has expired: make a new one and set AZURE_CLIENT_SECRET.",
  AADSTS7000215: "The client secret is wrong: AZURE_CLIENT_SECRET takes the secret's value, not its id.",
  AADSTS700016: "The tenant does not know this application: check AZURE_CLIENT_ID and AZURE_TENANT_ID.",
  AADSTS90002: "There is no such tenant: check AZURE_TENANT_ID.",
  AADSTS700024: "The federated token has expired: the workflow has to ask for a fresh one.",
  AADSTS70021:
    "No federated credential of the application matches the token's subject: compare the subject in the message with the application's federated credentials.",
  AADSTS700213:
    "No federated credential of the application matches the token's subject: compare the subject in the message with the application's federated credentials.",
  AADSTS50076: "Multi-factor authentication is asked for: `az login`.",
  AADSTS700082: "The login has expired: `az login`.",
};

/** `AADSTS…` in an Entra message, with what to do about it. */
export const entraError = (message: string): { readonly code: string; readonly hint: string } | undefined => {
  const code = /AADSTS\d+/.exec(message)?.[0];
  if (code === undefined) return undefined;
  return {
    code,
    hint:
      entraHints[code] ??
      "Entra refused the login: `az login`, or check AZURE_CLIENT_ID, AZURE_TENANT_ID and the secret.",
  };
};
