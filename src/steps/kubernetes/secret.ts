/**
 * `kubernetes/secret`: a Secret whose values come from the pipeline's secrets. They are compared in memory and shown
 * nowhere; its version is an output, so that whatever uses it can restart when they change.
 */
import { z } from "zod";
import { isEntries } from "../../families/kubernetes/draft.ts";
import { namesIn } from "../../families/kubernetes/object-id.ts";
import { defineObjectsStep } from "../../families/kubernetes/objects-step.ts";
import { clusterHandle, handle } from "../../step/handle.ts";
import type { Ref } from "../../step/ref.ts";
import { secret } from "../../step/secret.ts";

const input = z.object({
  cluster: clusterHandle.describe("The cluster to make the Secret in."),
  namespace: z.string().min(1).describe("Namespace of the Secret; it must exist."),
  name: z
    .string()
    .regex(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/)
    .max(253)
    .describe("Name of the Secret: lower-case letters, digits, `-` and `.`."),
  data: z
    .record(z.string(), secret())
    .describe("Values by key. A newline at the end is kept: leave it out of tokens."),
  type: z
    .string()
    .default("Opaque")
    .describe("Type of the Secret, such as `kubernetes.io/tls`. It can't be changed in place."),
});

const output = handle("secret", {
  cluster: z.string().describe("Id of the cluster it is in, as in the cluster's handle."),
  namespace: z.string().describe("Namespace of the Secret."),
  name: z.string().describe("Name of the Secret."),
  keys: z.array(z.string()).describe("Its keys, sorted."),
  resourceVersion: z
    .string()
    .describe("Version of the Secret in the cluster, another one after each change of its values."),
});

const place = (ref: Ref) => namesIn(ref.id)[0] ?? { apiVersion: "v1", kind: "Secret", name: "" };

export default defineObjectsStep({
  type: "kubernetes/secret",
  version: 1,
  summary: "Makes a Secret from secrets of the pipeline",
  input,
  output,
  volatile: ["keys", "resourceVersion"],
  predict: {
    cluster: ({ cluster }) => cluster.id,
    namespace: (_, ref) => place(ref).namespace ?? "",
    name: (_, ref) => place(ref).name,
    keys: ({ data }) => Object.keys(data).sort(),
  },
  cluster: ({ cluster }) => cluster.id,
  names: ({ namespace, name }) => [{ apiVersion: "v1", kind: "Secret", namespace, name }],
  drafts: (wanted) => [
    {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: wanted.name, namespace: wanted.namespace },
      type: () => wanted.type,
      stringData: wanted.data,
    },
  ],
  effect: (path) => (path === "type" ? { effect: "replace" } : undefined),
  outputs: (live, ref) => {
    const [object] = live.values();
    const { namespace = "", name } = place(ref);
    return {
      kind: "secret",
      cluster: ref.within?.id ?? "",
      namespace,
      name,
      keys: isEntries(object?.data) ? Object.keys(object.data).sort() : [],
      resourceVersion: object?.metadata.resourceVersion ?? "",
    };
  },
  check: async () => ({ ready: true }),
});
