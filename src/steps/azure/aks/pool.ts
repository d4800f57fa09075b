/**
 * A pool of nodes: the input and the settings that a cluster's own system pool and pools added to it share. On the
 * wire a pool is the same object, once in the cluster's list and once as a resource of its own.
 */
import { z } from "zod";
import type { Json, JsonObject } from "../../../clients/azure/client.ts";
import { at, isObject, type Model, withValue } from "../../../families/arm/model.ts";
import { type Setting, sameSet, sameText } from "../../../families/arm/setting.ts";
import type { Requirement } from "../../../step/requirement.ts";
import type { Effect } from "../../../step/step.ts";
import { meetsVersion, upgradeEffect, upgradeReason } from "./version.ts";

export const vmSize = z
  .string()
  .regex(/^Standard_\w+$/)
  .describe(
    "VM size of the nodes, as in `Standard_D4ds_v5`; at least 2 vCPUs and 4 GB, and no B-series, for system pools.",
  );

export const zonesInput = z
  .array(z.enum(["1", "2", "3"]))
  .default(["1", "2", "3"])
  .describe(
    "Availability zones of the nodes; all three by default, none (`[]`) where the region has no zones.",
  );

export const autoscaleInput = z.object({
  minimum: z.number().int().min(0).max(1000).describe("Fewest nodes; at least 1 in a system pool."),
  maximum: z.number().int().min(1).max(1000).describe("Most nodes."),
});

/** Settings that every pool has. */
export const poolInput = z.object({
  name: z
    .string()
    .regex(/^[a-z][a-z0-9]{0,11}$/)
    .describe("Name of the pool, 1 to 12 lower-case letters and digits."),
  size: vmSize,
  count: z
    .number()
    .int()
    .min(0)
    .max(1000)
    .default(2)
    .describe("Number of nodes; with `autoscale` only the number to begin with. 2 by default."),
  autoscale: autoscaleInput
    .optional()
    .describe("Bounds between which the cluster autoscaler sets the number; off by default."),
  zones: zonesInput,
  maxPods: z
    .number()
    .int()
    .min(10)
    .max(250)
    .optional()
    .describe("Most pods on a node; the network plugin's own default otherwise."),
  osDiskSizeGB: z
    .number()
    .int()
    .min(30)
    .max(2048)
    .optional()
    .describe("Size of a node's OS disk in GB; the VM size's own default otherwise."),
  osSku: z
    .enum(["Ubuntu", "AzureLinux"])
    .default("Ubuntu")
    .describe("Operating system of the nodes; `Ubuntu` by default."),
  subnet: z
    .string()
    .optional()
    .describe("ARM id of the subnet for the nodes; one that AKS makes by default."),
});
export type PoolInput = z.output<typeof poolInput>;

/** Where a pool is: how to find it in the input, and in the model. */
export interface PoolPlace<Input> {
  /** Put before the paths of the fields: `systemPool.`. */
  readonly prefix: string;
  pool(input: Input): PoolInput;
  /** The Kubernetes version that the pool follows, where there is one. */
  version(input: Input): string | undefined;
  readonly mode: (input: Input) => "System" | "User";
  read(model: Model): JsonObject | undefined;
  write(model: Model, pool: JsonObject): Model;
  /** What a change of a setting that can't change in place does. */
  readonly fixed: Effect;
  readonly fixedReason?: string | undefined;
}

interface Placed<Input> {
  readonly name: string;
  readonly at: string;
  readonly desired: (input: Input, exists: boolean) => Json | undefined;
  readonly effect: Setting<Input>["effect"];
  readonly reason?: string | undefined;
  readonly stage?: number;
  readonly same?: Setting<Input>["same"];
  readonly read?: (pool: JsonObject) => Json | undefined;
  readonly write?: (pool: JsonObject, value: Json) => JsonObject;
}

const clamp = (value: number, { minimum, maximum }: z.output<typeof autoscaleInput>): number =>
  Math.min(Math.max(value, minimum), maximum);

/** How many nodes a new pool begins with. */
export const initialCount = ({ count, autoscale }: PoolInput): number =>
  autoscale ? clamp(count, autoscale) : count;

/** Nodes in a subnet of one's own: whoever puts them there must be allowed to join it. */
export const joining = (subnet: string | undefined): readonly Requirement[] =>
  subnet === undefined
    ? []
    : [
        {
          kind: "permission",
          action: "Microsoft.Network/virtualNetworks/subnets/join/action",
          scope: subnet,
        },
      ];

/** With an autoscaler the number of nodes is the autoscaler's, unless it lies outside of new bounds. */
const writeAutoscale = (pool: JsonObject, value: Json): JsonObject => {
  if (!isObject(value)) {
    return { ...pool, enableAutoScaling: false, minCount: undefined, maxCount: undefined };
  }
  const [minimum, maximum] = [Number(value.minimum), Number(value.maximum)];
  const count = typeof pool.count === "number" ? clamp(pool.count, { minimum, maximum }) : minimum;
  return { ...pool, enableAutoScaling: true, minCount: minimum, maxCount: maximum, count };
};

const readAutoscale = ({ enableAutoScaling, minCount, maxCount }: JsonObject): Json =>
  enableAutoScaling === true ? { minimum: minCount, maximum: maxCount } : false;

/** The settings of the pool at `place`. */
export const poolSettings = <Input>(place: PoolPlace<Input>): readonly Setting<Input>[] => {
  const { fixed, fixedReason: reason, pool } = place;
  const settings: readonly Placed<Input>[] = [
    { name: "name", at: "name", desired: (input) => pool(input).name, effect: fixed, reason },
    {
      name: "size",
      at: "vmSize",
      desired: (input) => pool(input).size,
      effect: fixed,
      reason,
      same: sameText,
    },
    {
      name: "count",
      at: "count",
      desired: (input, exists) => (exists && pool(input).autoscale ? undefined : initialCount(pool(input))),
      effect: "update",
    },
    {
      name: "autoscale",
      at: "enableAutoScaling",
      desired: (input) => {
        const { autoscale } = pool(input);
        return autoscale ? { minimum: autoscale.minimum, maximum: autoscale.maximum } : false;
      },
      effect: "update",
      read: readAutoscale,
      write: writeAutoscale,
    },
    {
      name: "zones",
      at: "availabilityZones",
      desired: (input) => zonesOf(pool(input)),
      effect: fixed,
      reason,
      same: sameSet,
    },
    { name: "maxPods", at: "maxPods", desired: (input) => pool(input).maxPods, effect: fixed, reason },
    {
      name: "osDiskSizeGB",
      at: "osDiskSizeGB",
      desired: (input) => pool(input).osDiskSizeGB,
      effect: fixed,
      reason,
    },
    { name: "osSku", at: "osSKU", desired: (input) => pool(input).osSku, effect: "disrupt", same: sameText },
    {
      name: "subnet",
      at: "vnetSubnetID",
      desired: (input) => pool(input).subnet,
      effect: fixed,
      reason,
      same: sameText,
    },
    { name: "mode", at: "mode", desired: place.mode, effect: "update" },
    { name: "type", at: "type", desired: () => "VirtualMachineScaleSets", effect: fixed, reason },
    { name: "osType", at: "osType", desired: () => "Linux", effect: fixed, reason },
    {
      // After the control plane, which a pool may never be ahead of. A new pool begins with the cluster's version.
      name: "kubernetesVersion",
      at: "orchestratorVersion",
      desired: (input, exists) => (exists ? place.version(input) : undefined),
      effect: upgradeEffect,
      reason: upgradeReason,
      stage: 1,
      same: (desired, actual) => actual === undefined || meetsVersion(desired, actual),
      read: (found) => found.currentOrchestratorVersion ?? found.orchestratorVersion,
    },
  ];
  return settings.map((setting): Setting<Input> => {
    const { name, at: key, read, write, ...rest } = setting;
    return {
      ...rest,
      path: `${place.prefix}${name}`,
      read: (model) => {
        const found = place.read(model);
        if (!found) return undefined;
        return read ? read(found) : at(found, key);
      },
      write: (model, value) => {
        const found = place.read(model) ?? {};
        return place.write(model, write ? write(found, value) : withValue(found, key, value));
      },
    };
  });
};

/** No zones is sent as none at all: an empty list is refused. */
const zonesOf = ({ zones }: PoolInput): Json | undefined => (zones.length === 0 ? undefined : zones);

/** What the service alone writes into a pool. Sending `nodeImageVersion` back would ask for a rollback. */
export const poolServerWritten = [
  "eTag",
  "currentOrchestratorVersion",
  "nodeImageVersion",
  "provisioningState",
  "powerState",
  "status",
  "virtualMachineNodesStatus",
];
