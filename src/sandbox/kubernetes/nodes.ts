/** The nodes of a cluster, as AKS makes them: one virtual machine scale set for each pool. */
import { createHash } from "node:crypto";
import type { ClusterSettings, NodePool } from "../world.ts";
import type { ClusterApi } from "./cluster-api.ts";
import { sameJson } from "./json.ts";
import type { ObjectDraft } from "./object.ts";
import { timeText } from "./time.ts";

/** AKS puts a number of eight digits, the same for all pools of a cluster, between pool and `vmss`. */
const clusterNumber = (settings: ClusterSettings): string =>
  String(createHash("sha256").update(settings.key).digest().readUInt32BE(0) % 100_000_000).padStart(8, "0");

export const scaleSetOf = (settings: ClusterSettings, pool: string): string =>
  `aks-${pool}-${clusterNumber(settings)}-vmss`;

/** `aks-system-12345678-vmss000000`: the instance number in base 36, six digits. */
export const nodeName = (settings: ClusterSettings, pool: string, index: number): string =>
  `${scaleSetOf(settings, pool)}${index.toString(36).padStart(6, "0")}`;

const nodeOf = (settings: ClusterSettings, pool: NodePool, index: number): ObjectDraft => {
  const name = nodeName(settings, pool.name, index);
  const zone = pool.zones.length > 0 ? `${settings.location}-${pool.zones[index % pool.zones.length]}` : "0";
  const subscription =
    /^\/subscriptions\/([^/]+)/.exec(settings.key)?.[1] ?? "00000000-0000-0000-0000-000000000000";
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: {
      name,
      labels: {
        agentpool: pool.name,
        "kubernetes.azure.com/agentpool": pool.name,
        "kubernetes.azure.com/cluster": settings.nodeResourceGroup,
        "kubernetes.azure.com/mode": pool.mode.toLowerCase(),
        "kubernetes.azure.com/role": "agent",
        "kubernetes.io/arch": "amd64",
        "kubernetes.io/hostname": name,
        "kubernetes.io/os": "linux",
        "node.kubernetes.io/instance-type": pool.size,
        "topology.kubernetes.io/region": settings.location,
        "topology.kubernetes.io/zone": zone,
      },
    },
    spec: {
      providerID: `azure:///subscriptions/${subscription}/resourceGroups/${settings.nodeResourceGroup}/providers/Microsoft.Compute/virtualMachineScaleSets/${scaleSetOf(settings, pool.name)}/virtualMachines/${index}`,
    },
  };
};

const statusOf = (api: ClusterApi, index: number) => {
  const now = timeText(api.pace.now());
  const condition = (type: string, status: string, reason: string, message: string) => ({
    type,
    status,
    reason,
    message,
    lastHeartbeatTime: now,
    lastTransitionTime: now,
  });
  const resources = { cpu: "2", memory: "8148Mi", pods: "250", "ephemeral-storage": "129886128Ki" };
  return {
    capacity: resources,
    allocatable: resources,
    addresses: [{ type: "InternalIP", address: `10.224.${index >> 8}.${(index & 255) + 4}` }],
    nodeInfo: {
      architecture: "amd64",
      bootID: "",
      containerRuntimeVersion: "containerd://2.0.0",
      kernelVersion: "6.6.96.1-azl3",
      kubeProxyVersion: "",
      kubeletVersion: `v${api.settings.version.replace(/^v/, "")}`,
      machineID: "",
      operatingSystem: "linux",
      osImage: "Microsoft Azure Linux 3.0",
      systemUUID: "",
    },
    conditions: [
      condition(
        "MemoryPressure",
        "False",
        "KubeletHasSufficientMemory",
        "kubelet has sufficient memory available",
      ),
      condition("DiskPressure", "False", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"),
      condition("PIDPressure", "False", "KubeletHasSufficientPID", "kubelet has sufficient PID available"),
      condition("Ready", "True", "KubeletReady", "kubelet is posting ready status"),
    ],
  };
};

/** Brings the Node objects to the settings: pools, counts, sizes, version. */
export const reconcileNodes = (api: ClusterApi): void => {
  const wanted = new Map<string, ObjectDraft>();
  for (const pool of api.settings.pools) {
    for (let index = 0; index < pool.count; index++) {
      wanted.set(nodeName(api.settings, pool.name, index), nodeOf(api.settings, pool, index));
    }
  }
  const kind = { apiVersion: "v1", kind: "Node" };
  for (const node of api.list(kind)) {
    if (!wanted.has(node.metadata.name)) api.delete({ ...kind, name: node.metadata.name });
  }
  [...wanted.values()].forEach((draft, index) => {
    const name = { ...kind, name: draft.metadata.name ?? "" };
    api.apply(draft, { manager: "aks" });
    const version = statusOf(api, index).nodeInfo;
    api.setStatus(
      name,
      (status) => (sameJson(status.nodeInfo, version) ? status : { ...status, ...statusOf(api, index) }),
      "kubelet",
    );
  });
};
