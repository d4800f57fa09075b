/** The controllers of Kubernetes, as far as these tests need them: what is wanted is there at once. */
import type { KubernetesObject } from "../../../src/clients/kubernetes/client.ts";
import type { FakeKubernetes } from "../../fakes/kubernetes.ts";

/** A Deployment's manifest. */
export const deployment = (name: string, replicas = 1): string => `
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name} }
spec:
  replicas: ${replicas}
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec: { containers: [{ name: ${name}, image: "demo:1" }] }
`;

/** Gives a Deployment the status of one that works. */
export const makeAvailable = async (
  cluster: FakeKubernetes,
  namespace: string,
  name: string,
): Promise<void> => {
  const place = { apiVersion: "apps/v1", kind: "Deployment", namespace, name };
  const live = await cluster.get(place);
  const replicas = replicasOf(live);
  // The edit itself raises the fake's generation.
  const observedGeneration = (live?.metadata.generation ?? 0) + 1;
  cluster.edit(place, {
    status: { observedGeneration, replicas, updatedReplicas: replicas, availableReplicas: replicas },
  });
};

const replicasOf = (object: KubernetesObject | undefined): number => {
  const spec: unknown = object?.spec;
  return typeof spec === "object" && spec !== null && "replicas" in spec ? Number(spec.replicas) : 1;
};
