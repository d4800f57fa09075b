/** An AKS cluster on virtual machine scale sets, with a Standard load balancer and an identity of its own. */
import { z } from "zod";
import { apiVersions } from "../../clients/azure/api-versions.ts";
import { groupIdOf, providerId } from "../../clients/azure/id.ts";
import { locateInGroup, requiresInGroup } from "../../families/arm/in-group.ts";
import { at, isObject, type Model, textAt, textsAt } from "../../families/arm/model.ts";
import { defineArmStep } from "../../families/arm/step.ts";
import { Failure } from "../../step/failure.ts";
import { clusterHandle } from "../../step/handle.ts";
import type { Requirement } from "../../step/requirement.ts";
import type { Verdict } from "../../step/step.ts";
import { type ClusterInput, clusterInput, locationOf, nodeResourceGroupOf } from "./aks/cluster-input.ts";
import { accessTag, clusterSettings, failedPools, preparedCluster } from "./aks/cluster-settings.ts";
import { maintenanceCompanions } from "./aks/maintenance.ts";
import { initialCount, joining } from "./aks/pool.ts";

const type = "azure/aks-cluster";
const armType = "Microsoft.ContainerService/managedClusters";

const output = clusterHandle.extend({
  resourceId: z.string().describe("ARM id of the cluster."),
  group: z.string().describe("Name of the resource group that holds the cluster."),
  location: z.string().describe("Azure region of the cluster."),
  nodeResourceGroup: z
    .string()
    .describe("Name of the group that AKS keeps the machines in; it dies with the cluster."),
  fqdn: z.string().describe("Domain name of the API server."),
  kubernetesVersion: z.string().describe("Kubernetes version of the control plane, as in `1.35.4`."),
  principalId: z.string().describe("Object id of the identity that the cluster acts as."),
  kubeletPrincipalId: z
    .string()
    .describe("Object id of the identity that the nodes act as, as for pulling images."),
  oidcIssuer: z
    .string()
    .describe("Address of the cluster's token issuer, for workload identity; empty where it is off."),
});

const credentialAction: Readonly<Record<ClusterInput["access"], string>> = {
  admin: `${armType}/listClusterAdminCredential/action`,
  user: `${armType}/listClusterUserCredential/action`,
  entra: `${armType}/listClusterUserCredential/action`,
};

const requires = (input: ClusterInput): readonly Requirement[] => {
  const location = locationOf(input);
  const { network, systemPool } = input;
  return [
    ...requiresInGroup(armType, input),
    { kind: "provider", namespace: "Microsoft.Compute" },
    { kind: "provider", namespace: "Microsoft.Network" },
    { kind: "permission", action: credentialAction[input.access], scope: input.group.id },
    // https://learn.microsoft.com/azure/aks/aks-service-permissions: what a cluster refers to, its maker must be allowed to use.
    {
      kind: "permission",
      action: "Microsoft.ManagedIdentity/userAssignedIdentities/assign/action",
      scope: input.identity.id,
    },
    ...joining(systemPool.subnet),
    ...monitoringRights(input.monitoring?.id),
    ...(input.maintenanceWindow === undefined
      ? []
      : [
          {
            kind: "permission",
            action: `${armType}/maintenanceConfigurations/write`,
            scope: input.group.id,
          } as const,
        ]),
    {
      kind: "vm-size",
      location,
      size: systemPool.size,
      count: initialCount(systemPool),
      zones: systemPool.zones,
      cluster: providerId(input.group.id, armType, input.name),
    },
    { kind: "kubernetes-version", location, version: input.kubernetesVersion },
    ...(network.outboundType === "loadBalancer"
      ? [{ kind: "public-ip", location, count: network.outboundAddresses } as const]
      : []),
  ];
};

/** Container insights read the workspace's key and put a solution beside it. */
const monitoringRights = (workspace: string | undefined): readonly Requirement[] =>
  workspace === undefined
    ? []
    : [
        {
          kind: "permission",
          action: "Microsoft.OperationalInsights/workspaces/sharedkeys/read",
          scope: workspace,
        },
        {
          kind: "permission",
          action: "Microsoft.OperationsManagement/solutions/write",
          scope: groupIdOf(workspace) ?? workspace,
        },
      ];

/** Where the parts of an input contradict each other. */
const check = ({ access, disableLocalAccounts, name }: ClusterInput): Failure | undefined => {
  if (access !== "admin" || !disableLocalAccounts) return undefined;
  return new Failure({
    kind: "rejected",
    code: "P0823",
    message: `${name}: \`access: admin\` needs local accounts, which \`disableLocalAccounts\` turns off`,
    hint: "Set `access: entra`.",
  });
};

const ready = (model: Model): Verdict => {
  const power = textAt(model, "properties.powerState.code") ?? "Running";
  if (power !== "Running") {
    return {
      ready: false,
      reason: `the cluster is ${power.toLowerCase()}`,
      worthWaiting: false,
      hint: "Start it: `az aks start --resource-group GROUP --name NAME`.",
    };
  }
  const failed = failedPools(model);
  if (failed.length > 0) {
    return {
      ready: false,
      reason: `the last operation on pool ${failed.join(", ")} failed`,
      worthWaiting: false,
    };
  }
  return { ready: true, detail: `Kubernetes ${versionOf(model)}` };
};

const versionOf = (model: Model): string =>
  textAt(model, "properties.currentKubernetesVersion") ?? textAt(model, "properties.kubernetesVersion") ?? "";

const principalOf = (model: Model): string => {
  const identities = at(model, "identity.userAssignedIdentities");
  const [first] = isObject(identities) ? Object.values(identities) : [];
  return textAt(first, "principalId") ?? textAt(model, "identity.principalId") ?? "";
};

export default defineArmStep({
  type,
  summary: "An AKS cluster.",
  input: clusterInput,
  output,
  // Predicted again when the way to log in changes; the version follows from what the service rolls out.
  volatile: ["id", "kubernetesVersion", "principalId"],
  apiVersion: apiVersions.containerService,
  conditional: true,
  companions: maintenanceCompanions,
  locate: locateInGroup(type, armType),
  predict: {
    kind: () => "cluster" as const,
    id: ({ access }, ref) => `${ref.id}#${access}`,
    name: ({ name }) => name,
    resourceId: (_, ref) => ref.id,
    group: ({ group }) => group.name,
    location: locationOf,
    nodeResourceGroup: nodeResourceGroupOf,
    principalId: ({ identity }) => identity.principalId,
  },
  requires,
  check,
  settings: clusterSettings,
  prepare: preparedCluster,
  outputs: (model, ref) => ({
    kind: "cluster" as const,
    id: `${ref.id}#${textsAt(model, "tags")[accessTag] ?? "admin"}`,
    name: ref.id.split("/").at(-1) ?? "",
    resourceId: ref.id,
    group: ref.id.split("/")[4] ?? "",
    location: textAt(model, "location") ?? "",
    nodeResourceGroup: textAt(model, "properties.nodeResourceGroup") ?? "",
    fqdn: textAt(model, "properties.fqdn") ?? textAt(model, "properties.privateFQDN") ?? "",
    kubernetesVersion: versionOf(model),
    principalId: principalOf(model),
    kubeletPrincipalId: textAt(model, "properties.identityProfile.kubeletidentity.objectId") ?? "",
    oidcIssuer: textAt(model, "properties.oidcIssuerProfile.issuerURL") ?? "",
  }),
  ready,
});
