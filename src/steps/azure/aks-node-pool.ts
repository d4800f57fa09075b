/** A further pool of nodes in an AKS cluster. */
import { z } from "zod";
import { apiVersions } from "../../clients/azure/api-versions.ts";
import { groupIdOf } from "../../clients/azure/id.ts";
import { entriesSetting, tagsSetting } from "../../families/arm/entries.ts";
import { managing } from "../../families/arm/in-group.ts";
import { tagsInput } from "../../families/arm/inputs.ts";
import { tagMarks } from "../../families/arm/marks.ts";
import { isObject, textAt, without, withValue } from "../../families/arm/model.ts";
import { type Setting, sameSet } from "../../families/arm/setting.ts";
import { defineArmStep } from "../../families/arm/step.ts";
import { clusterHandle, handle } from "../../step/handle.ts";
import type { Ref } from "../../step/ref.ts";
import type { Requirement } from "../../step/requirement.ts";
import { initialCount, joining, poolInput, poolServerWritten, poolSettings } from "./aks/pool.ts";

const type = "azure/aks-node-pool";

const cluster = clusterHandle.extend({
  location: z.string().optional().describe("Azure region of the cluster, for the check of quota."),
  kubernetesVersion: z.string().optional().describe("Version of the control plane, which the pool follows."),
});

const input = poolInput.extend({
  cluster: cluster.describe("The AKS cluster to add the pool to."),
  mode: z
    .enum(["User", "System"])
    .default("User")
    .describe(
      "Whether the pool is for your own pods (`User`, the default) or also for the cluster's (`System`).",
    ),
  labels: z
    .record(z.string(), z.string())
    .default({})
    .describe("Kubernetes labels of the nodes, besides those of others; none by default."),
  taints: z
    .array(z.string().regex(/^[^=:]+(=[^:]*)?:(NoSchedule|PreferNoSchedule|NoExecute)$/))
    .default([])
    .describe("Kubernetes taints of the nodes, as in `gpu=true:NoSchedule`; none by default."),
  tags: tagsInput,
});
type Input = z.output<typeof input>;

const output = handle("node-pool", {
  id: z.string().describe("ARM id of the pool."),
  name: z.string().describe("Name of the pool."),
  cluster: z.string().describe("ARM id of the cluster that it belongs to."),
});

const clusterIdOf = ({ cluster: { id } }: Input): string => id.replace(/#.*$/, "");

const clusterRef = (id: string): Ref => {
  const group = groupIdOf(id);
  const ref = { type: "azure/aks-cluster", version: 1, id };
  return group === undefined
    ? ref
    : { ...ref, within: { type: "azure/resource-group", version: 1, id: group } };
};

/** As a resource of its own a pool has its name in the id, and the rest in `properties`. */
const settings: readonly Setting<Input>[] = [
  ...poolSettings<Input>({
    prefix: "",
    pool: (given) => given,
    version: ({ cluster: { kubernetesVersion } }) => kubernetesVersion,
    mode: ({ mode }) => mode,
    read: (model) => {
      const { properties } = model;
      return isObject(properties) ? properties : undefined;
    },
    write: (model, pool) => withValue(model, "properties", pool),
    fixed: "replace",
  }).filter(({ path }) => path !== "name"),
  entriesSetting<Input>({
    path: "labels",
    at: "properties.nodeLabels",
    tagsAt: "properties.tags",
    mark: "provision-labels",
    desired: ({ labels }) => labels,
  }),
  {
    path: "taints",
    at: "properties.nodeTaints",
    desired: ({ taints }) => taints,
    effect: "update",
    same: sameSet,
  },
  tagsSetting<Input>("properties.tags"),
];

const requires = (given: Input): readonly Requirement[] => {
  const id = clusterIdOf(given);
  const { location } = given.cluster;
  return [
    ...managing("Microsoft.ContainerService/managedClusters/agentPools", id),
    ...joining(given.subnet),
    ...(location === undefined
      ? []
      : [
          {
            kind: "vm-size",
            location,
            size: given.size,
            count: initialCount(given),
            zones: given.zones,
            cluster: id,
          } as const,
        ]),
  ];
};

export default defineArmStep({
  type,
  summary: "A further pool of nodes in an AKS cluster.",
  input,
  output,
  apiVersion: apiVersions.containerService,
  conditional: true,
  marks: tagMarks("properties.tags"),
  locate: (given) => {
    const id = clusterIdOf(given);
    return { type, version: 1, id: `${id}/agentPools/${given.name}`, within: clusterRef(id) };
  },
  predict: {
    kind: () => "node-pool" as const,
    id: (_, ref) => ref.id,
    name: ({ name }) => name,
    cluster: clusterIdOf,
  },
  requires,
  settings,
  prepare: (body) =>
    without(
      body,
      poolServerWritten.map((name) => `properties.${name}`),
    ),
  outputs: (_, ref) => ({
    kind: "node-pool" as const,
    id: ref.id,
    name: ref.id.split("/").at(-1) ?? "",
    cluster: ref.id.replace(/\/agentPools\/.*$/i, ""),
  }),
  ready: (model) => {
    const power = textAt(model, "properties.powerState.code") ?? "Running";
    if (power === "Running") return { ready: true };
    return { ready: false, reason: `the pool is ${power.toLowerCase()}`, worthWaiting: false };
  },
});
