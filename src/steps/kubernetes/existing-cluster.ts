/** `kubernetes/existing-cluster`: any cluster that a kubeconfig reaches, as a handle: kind, a colleague's, another cloud's. */
import { z } from "zod";
import { kubeconfigClusterId, kubernetes } from "../../clients/kubernetes/kubernetes.ts";
import { kubernetesFamily } from "../../families/kubernetes/family.ts";
import { Failure } from "../../step/failure.ts";
import { clusterHandle } from "../../step/handle.ts";
import type { Ref } from "../../step/ref.ts";
import { defineStep } from "../../step/step.ts";

const input = z.object({
  kubeconfig: z
    .string()
    .min(1)
    .default("~/.kube/config")
    .describe("Path of the kubeconfig, from the pipeline's folder; `~/` is the home folder."),
  context: z
    .string()
    .default("")
    .describe("Context in it. Empty takes the kubeconfig's current context, whatever that is at the time."),
  name: z.string().optional().describe("Name to show for the cluster. Default: the context."),
});

type Input = z.output<typeof input>;

const nameOf = ({ name, context }: Input): string => name ?? (context || "current context");

/** The context in a cluster's id. */
const contextIn = (ref: Ref): string => ref.id.slice(ref.id.lastIndexOf("#") + 1) || "current context";

export default defineStep({
  type: "kubernetes/existing-cluster",
  version: 1,
  summary: "Looks up a Kubernetes cluster that a kubeconfig reaches",
  readOnly: true,
  input,
  output: clusterHandle,
  family: kubernetesFamily,
  locate: ({ kubeconfig, context }) => ({
    type: "kubernetes/existing-cluster",
    version: 1,
    id: kubeconfigClusterId(kubeconfig, context),
  }),
  predict: {
    id: (_, ref) => ref.id,
    name: nameOf,
  },
  observe: async (context, ref) => {
    const client = await context.use(kubernetes(ref));
    const version = await client.version();
    return {
      state: "present",
      actual: { version },
      output: { kind: "cluster", id: ref.id, name: contextIn(ref) },
      owner: undefined,
    };
  },
  fields: () => [],
  apply: () => Promise.reject(readOnly("applied")),
  verify: async (context, ref) => {
    const client = await context.use(kubernetes(ref));
    return { ready: true, detail: `Kubernetes ${await client.version()}` };
  },
  destroy: () => Promise.reject(readOnly("destroyed")),
});

const readOnly = (what: string): Failure =>
  new Failure({ kind: "unexpected", code: "P0707", message: `a look-up was ${what}` });
