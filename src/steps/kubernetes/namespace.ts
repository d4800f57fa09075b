/** `kubernetes/namespace`: a namespace with its labels and annotations. Destroying it destroys all that is in it. */
import { z } from "zod";
import { namesIn } from "../../families/kubernetes/object-id.ts";
import { defineObjectsStep } from "../../families/kubernetes/objects-step.ts";
import { clusterHandle, handle } from "../../step/handle.ts";
import type { Ref } from "../../step/ref.ts";

const input = z.object({
  cluster: clusterHandle.describe("The cluster to make the namespace in."),
  name: z
    .string()
    .regex(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/)
    .max(63)
    .describe("Name of the namespace: lower-case letters, digits and `-`, 63 characters at most."),
  labels: z
    .record(z.string(), z.string())
    .default({})
    .describe("Labels, such as `linkerd.io/inject: enabled`."),
  annotations: z.record(z.string(), z.string()).default({}).describe("Annotations."),
});

const output = handle("namespace", {
  cluster: z.string().describe("Id of the cluster it is in, as in the cluster's handle."),
  name: z.string().describe("Name of the namespace."),
});

const nameIn = (ref: Ref): string => namesIn(ref.id)[0]?.name ?? "";

const textAt = (value: unknown, key: string): unknown =>
  typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;

export default defineObjectsStep({
  type: "kubernetes/namespace",
  version: 1,
  summary: "Makes a namespace",
  input,
  output,
  predict: {
    cluster: ({ cluster }) => cluster.id,
    name: (_, ref) => nameIn(ref),
  },
  cluster: ({ cluster }) => cluster.id,
  names: ({ name }) => [{ apiVersion: "v1", kind: "Namespace", name }],
  drafts: (wanted) => [
    {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name: wanted.name, labels: () => wanted.labels, annotations: () => wanted.annotations },
    },
  ],
  outputs: (_, ref) => ({ kind: "namespace", cluster: ref.within?.id ?? "", name: nameIn(ref) }),
  check: async (_, __, live) => {
    const [namespace] = live.values();
    const phase = textAt(namespace?.status, "phase");
    return phase === undefined || phase === "Active"
      ? { ready: true }
      : { ready: false, reason: `the namespace is ${phase}`, worthWaiting: true };
  },
});
