import { expect, test } from "vitest";
import existingCluster from "../../../src/steps/kubernetes/existing-cluster.ts";
import { driveStep } from "../../fakes/drive-step.ts";
import { fakeKubernetes } from "../../fakes/kubernetes.ts";
import { fakeContext } from "../../fakes/step-context.ts";

test("a kubeconfig and a context are a cluster's handle, known before anything is asked", async () => {
  const context = fakeContext({ kubernetes: fakeKubernetes([], { version: "v1.35.4" }) });
  const step = driveStep(existingCluster, context, { kubeconfig: "./kind.yaml", context: "kind-demo" });
  expect(step.ref).toMatchObject({ id: "kubeconfig:./kind.yaml#kind-demo" });
  expect(await step.observe()).toMatchObject({
    state: "present",
    output: { kind: "cluster", id: "kubeconfig:./kind.yaml#kind-demo", name: "kind-demo" },
  });
  const input = existingCluster.input.parse({ kubeconfig: "./kind.yaml", context: "kind-demo" });
  expect(existingCluster.predict.id?.(input, step.ref)).toBe(step.ref.id);
  expect(await existingCluster.verify(context, step.ref, input)).toEqual({
    ready: true,
    detail: "Kubernetes v1.35.4",
  });
});

test("it is only ever read", async () => {
  expect(existingCluster.readOnly).toBe(true);
  expect(existingCluster.fields(existingCluster.input.parse({}), undefined)).toEqual([]);
});
