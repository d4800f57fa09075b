/** Microsoft.ContainerService/managedClusters: https://learn.microsoft.com/rest/api/aks/managed-clusters */
import { z } from "zod";
import { checkCluster } from "../aks/check-cluster.ts";
import { completeCluster } from "../aks/complete.ts";
import { adminCredential, userCredential } from "../aks/credentials.ts";
import { ensureKubernetes, settingsOf } from "../aks/kubernetes.ts";
import { kubeletIdOf, makeNodeResources, outboundIdOf } from "../aks/nodes.ts";
import { type Cluster, clusterSchema, clusterType } from "../aks/schema.ts";
import { allMinors, isPreview, upgradesOf } from "../catalogue/versions.ts";
import { defineKind } from "../define-kind.ts";
import { ArmError } from "../errors.ts";
import { keyOf } from "../id.ts";
import type { Stored } from "../kind.ts";
import type { Document } from "../state.ts";
import { derivedGuid } from "./derived-guid.ts";

const showNetwork = ({ arm, id, body }: Stored<Cluster>): Document => {
  const network = body.properties.networkProfile;
  if (network?.outboundType !== "loadBalancer") return {};
  const effectiveOutboundIPs = [{ id: outboundIdOf(arm, id, body) }];
  const loadBalancerProfile = { ...Object(network.loadBalancerProfile), effectiveOutboundIPs };
  return { networkProfile: { ...network, loadBalancerProfile } };
};

const addonsSchema = z.record(z.string(), z.looseObject({ enabled: z.boolean().optional() }));

/** AKS makes an identity for each add-on that is on. */
const showAddons = ({ arm, name, body }: Stored<Cluster>): Document => {
  const addons = addonsSchema.safeParse(body.properties.addonProfiles).data;
  if (!addons) return {};
  const shown = Object.entries(addons).map(([addon, profile]) => {
    const resourceId = kubeletIdOf(arm, name, body).replace(/[^/]+$/, `${addon}-${name}`);
    const identity = {
      resourceId,
      clientId: derivedGuid(resourceId, "client"),
      objectId: derivedGuid(resourceId, "principal"),
    };
    return [addon, { ...profile, ...(profile.enabled ? { identity } : {}) }] as const;
  });
  return { addonProfiles: Object.fromEntries(shown) };
};

const show = (stored: Stored<Cluster>): Document => {
  const { arm, name, body, resource } = stored;
  const kubelet = kubeletIdOf(arm, name, body);
  const pending = resource.state === "Creating";
  return {
    ...body,
    properties: {
      ...body.properties,
      ...(pending
        ? {}
        : {
            ...showNetwork(stored),
            ...showAddons(stored),
            identityProfile: {
              kubeletidentity: {
                resourceId: kubelet,
                clientId: derivedGuid(kubelet, "client"),
                objectId: derivedGuid(kubelet, "principal"),
              },
            },
          }),
      agentPoolProfiles: (body.properties.agentPoolProfiles ?? []).map((pool) => ({
        ...pool,
        provisioningState: pool.provisioningState ?? resource.state,
      })),
    },
  };
};

const upgradeProfile = ({ id, body }: Stored<Cluster>) => {
  const upgrades = (version: string) =>
    upgradesOf(version).map((kubernetesVersion) => ({
      kubernetesVersion,
      ...(isPreview(kubernetesVersion) ? { isPreview: true } : {}),
    }));
  const version = body.properties.currentKubernetesVersion ?? "";
  return {
    status: 200,
    body: {
      id: `${id}/upgradeprofiles/default`,
      name: "default",
      type: `${clusterType}/upgradeprofiles`,
      properties: {
        controlPlaneProfile: { kubernetesVersion: version, osType: "Linux", upgrades: upgrades(version) },
        agentPoolProfiles: (body.properties.agentPoolProfiles ?? []).map((pool) => ({
          name: pool.name,
          kubernetesVersion: pool.currentOrchestratorVersion,
          osType: pool.osType,
          upgrades: upgrades(pool.currentOrchestratorVersion ?? version),
        })),
      },
    },
  };
};

export const managedCluster = defineKind<Cluster>({
  type: clusterType,
  home: "group",
  located: true,
  groupSegment: "resourcegroups",
  schema: clusterSchema,
  validate: checkCluster,
  create: completeCluster,
  update: completeCluster,
  updating: (before, after) =>
    before.properties.currentKubernetesVersion === after.properties.currentKubernetesVersion
      ? "Updating"
      : "Upgrading",
  asynchronous: { create: 240_000, update: 90_000, remove: 180_000 },
  etag: { field: "eTag", conditional: true },
  busy: (operation) =>
    new ArmError(
      409,
      "OperationNotAllowed",
      operation.resource.includes("/agentpools/")
        ? `Operation is not allowed: Another agentpool operation (${operation.name} - ${operation.state}) is in progress, please wait for it to finish before starting a new operation. See https://aka.ms/aks-pending-operation for more details`
        : `Operation is not allowed: Another operation (${operation.state}) is in progress, please wait for it to finish before starting a new operation. See https://aka.ms/aks-pending-operation for more details`,
    ),
  settled(stored) {
    makeNodeResources(stored, settingsOf(stored));
    ensureKubernetes(stored);
  },
  remove({ arm, id, body }) {
    arm.world.kubernetes.remove(keyOf(id));
    if (body.properties.nodeResourceGroup) arm.dropGroup(body.properties.nodeResourceGroup);
  },
  show,
  actions: {
    listclusteradmincredential: adminCredential,
    listclusterusercredential: userCredential,
    "upgradeprofiles/default": upgradeProfile,
    availableagentpoolversions: ({ id, body }) => ({
      status: 200,
      body: {
        id: `${id}/availableAgentPoolVersions`,
        name: "default",
        type: `${clusterType}/availableAgentPoolVersions`,
        properties: {
          agentPoolVersions: allMinors()
            .flatMap((minor) => minor.patches)
            .map((version) => ({
              kubernetesVersion: version,
              default: version === body.properties.currentKubernetesVersion,
              isPreview: isPreview(version),
            })),
        },
      },
    }),
  },
});
