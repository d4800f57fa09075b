/** What the tests of this folder put into a cluster: programs as their charts start them, and loose definitions. */
import type { JsonObject } from "../../../../src/sandbox/kubernetes/json.ts";
import type { RunningCluster } from "../running-cluster.ts";

export const program = (
  namespace: string,
  name: string,
  image: string,
  args: readonly string[] = [],
): JsonObject => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name, namespace },
  spec: {
    replicas: 1,
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      spec: { containers: [{ name, image, args: [...args] }] },
    },
  },
});

/** A definition that keeps whatever is written. */
export const definition = (
  group: string,
  kind: string,
  plural: string,
  scope: "Cluster" | "Namespaced",
): JsonObject => {
  const anything = { type: "object", "x-kubernetes-preserve-unknown-fields": true };
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope,
      names: { kind, plural, singular: kind.toLowerCase() },
      versions: [
        {
          name: "v1",
          served: true,
          storage: true,
          subresources: { status: {} },
          schema: {
            openAPIV3Schema: {
              type: "object",
              // As the definitions of Challenge and Order have it.
              required: ["metadata", "spec"],
              properties: { spec: anything, status: anything },
            },
          },
        },
      ],
    },
  };
};

export const define = (cluster: RunningCluster, ...definitions: readonly JsonObject[]): Promise<unknown> =>
  Promise.all(
    definitions.map((item) =>
      cluster.call("POST", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", item),
    ),
  );

export const deploy = async (
  cluster: RunningCluster,
  namespace: string,
  ...programs: readonly JsonObject[]
): Promise<void> => {
  await cluster.call("POST", "/api/v1/namespaces", {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name: namespace },
  });
  for (const item of programs)
    await cluster.call("POST", `/apis/apps/v1/namespaces/${namespace}/deployments`, item);
  await cluster.settle();
};
