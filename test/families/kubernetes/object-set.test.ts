/** In which order a set goes: a finalizer is taken off by what is still there, never by what went first. */
import { expect, test } from "vitest";
import type { ObjectName } from "../../../src/clients/kubernetes/client.ts";
import manifests from "../../../src/steps/kubernetes/manifests.ts";
import { driveStep } from "../../fakes/drive-step.ts";
import { fakeKubernetes } from "../../fakes/kubernetes.ts";
import { fakeContext } from "../../fakes/step-context.ts";

const cluster = { kind: "cluster", id: "kubeconfig:a#b", name: "b" };
const deployment: ObjectName = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  namespace: "default",
  name: "controller",
};
const thing: ObjectName = { apiVersion: "example.test/v1", kind: "Thing", name: "one" };

const crd = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "things.example.test" },
  spec: {
    group: "example.test",
    names: { kind: "Thing", plural: "things" },
    scope: "Cluster",
    versions: [{ name: "v1", served: true }],
  },
};
const controller = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "controller", namespace: "default" },
  spec: { replicas: 1, selector: { matchLabels: { app: "controller" } } },
};
const finalized = {
  apiVersion: "example.test/v1",
  kind: "Thing",
  metadata: { name: "one", finalizers: ["example.test/clean-up"] },
};

/** A cluster that establishes kinds and whose controller, if it is asked to, takes the finalizer off. */
const open = () => {
  const client = fakeKubernetes();
  client.react((object) => {
    if (object.status) return;
    const name = { ...object, name: object.metadata.name, namespace: object.metadata.namespace };
    if (object.kind === "CustomResourceDefinition")
      client.edit(name, { status: { conditions: [{ type: "Established", status: "True" }] } });
    if (object.kind === "Deployment")
      client.edit(name, { status: { observedGeneration: 99, updatedReplicas: 1, availableReplicas: 1 } });
  });
  const context = fakeContext({ kubernetes: client });
  const step = (objects: readonly object[]) =>
    driveStep(manifests, context, { cluster, name: "team", objects });
  const cleanUp = async () => {
    if (await client.get(deployment)) client.edit(thing, { metadata: { finalizers: null } });
  };
  return { client, step, cleanUp };
};

test("A controller stays until the objects that it finalizes are gone, wherever the set writes them", async () => {
  for (const objects of [
    [crd, controller, finalized],
    [finalized, crd, controller],
  ]) {
    const { client, step, cleanUp } = open();
    const set = step(objects);
    expect(await set.up()).toMatchObject({ ready: true });

    await expect(set.destroy()).rejects.toMatchObject({ kind: "busy", resource: "Thing one" });
    expect(await client.get(deployment)).toBeDefined();
    await cleanUp();
    await set.destroy();

    expect(await client.get(thing)).toBeUndefined();
    expect(await client.get(deployment)).toBeUndefined();
    expect(await set.observe()).toEqual({ state: "absent" });
  }
});

test("So it is when both are merely no longer named, and when the kind is defined elsewhere", async () => {
  const { client, step, cleanUp } = open();
  const definition = driveStep(manifests, fakeContext({ kubernetes: client }), {
    cluster,
    name: "definitions",
    objects: [crd],
  });
  await definition.up();
  await step([finalized, controller]).up();

  await expect(step([]).up()).rejects.toMatchObject({ kind: "busy", resource: "Thing one" });
  expect(await client.get(deployment)).toBeDefined();
  await cleanUp();
  await step([]).up();
  expect(await client.get(deployment)).toBeUndefined();
});

test("Definitions are all applied before any is waited for: however many there are, they wait once", async () => {
  const client = fakeKubernetes();
  const context = fakeContext({ kubernetes: client });
  const other = {
    ...crd,
    metadata: { name: "others.example.test" },
    spec: { ...crd.spec, names: { kind: "Other", plural: "others" } },
  };
  const set = driveStep(manifests, context, { cluster, name: "team", objects: [crd, other, finalized] });

  await expect(set.up()).rejects.toMatchObject({ kind: "busy" });
  for (const { apiVersion, kind, metadata } of [crd, other]) {
    client.edit(
      { apiVersion, kind, name: metadata.name },
      { status: { conditions: [{ type: "Established", status: "True" }] } },
    );
  }
  expect(await set.up()).toMatchObject({ ready: true });
  expect(await client.get(thing)).toBeDefined();
});
