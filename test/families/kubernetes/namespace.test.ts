/** When a namespace that was made for a step goes, and when it stays with what others have in it. */
import { expect, test } from "vitest";
import type { KubernetesObject } from "../../../src/clients/kubernetes/client.ts";
import { ensureNamespace, removeEmptyNamespace } from "../../../src/families/kubernetes/namespace.ts";
import { releaseSecret } from "../../clients/helm/release-secret.ts";
import { fakeKubernetes } from "../../fakes/kubernetes.ts";
import { fakeContext } from "../../fakes/step-context.ts";

const namespace = { apiVersion: "v1", kind: "Namespace", name: "web" };
const ref = { type: "helm/release", version: 1, id: "web/demo" };
const inside = (kind: string, name: string, metadata: object = {}): KubernetesObject => ({
  apiVersion: kind === "Deployment" ? "apps/v1" : "v1",
  kind,
  metadata: { name, namespace: "web", ...metadata },
});

const remove = async (...objects: readonly KubernetesObject[]) => {
  const client = fakeKubernetes();
  const context = fakeContext({});
  await ensureNamespace(context, client, "web", ref);
  for (const object of objects) client.put(object);
  await removeEmptyNamespace(context, client, "web");
  return { gone: (await client.get(namespace)) === undefined, reported: context.reported };
};

const owned = (owner: { apiVersion: string; kind: string; name: string; uid: string }) => ({
  ownerReferences: [owner],
});

test("what Kubernetes puts into every namespace, and records, keep none", async () => {
  const { gone, reported } = await remove(
    inside("ConfigMap", "kube-root-ca.crt"),
    inside("ServiceAccount", "default"),
    inside("Event", "pulled"),
  );
  expect({ gone, reported }).toEqual({ gone: true, reported: [] });
});

test("what is on its way out keeps none: deleted, or left by owners that are gone", async () => {
  const { gone } = await remove(
    inside("Pod", "ending", { deletionTimestamp: "2026-01-01T00:00:00Z" }),
    inside("Pod", "left", owned({ apiVersion: "apps/v1", kind: "Deployment", name: "gone", uid: "uid-0" })),
  );
  expect(gone).toBe(true);
});

test.each([
  ["whose owner is there", { apiVersion: "v1", kind: "Namespace", name: "web", uid: "uid-1" }],
  [
    "whose owner is of a kind that is not served, as the collector leaves it",
    { apiVersion: "gone.example.org/v1", kind: "Thing", name: "one", uid: "uid-0" },
  ],
])("an object %s keeps it", async (_, owner) => {
  const { gone, reported } = await remove(inside("Secret", "theirs", owned(owner)));
  expect(gone).toBe(false);
  expect(reported).toEqual([{ kind: "notice", message: "namespace web stays: Secret theirs still in it" }]);
});

test("with something of this very pipeline in it, nothing is said: with that it goes", async () => {
  const labels = { "provision.dev/pipeline": "demo", "provision.dev/instance": "clu-demo" };
  const { gone, reported } = await remove(releaseSecret({ labels }), inside("Deployment", "nginx"));
  expect({ gone, reported }).toEqual({ gone: false, reported: [] });

  const others = await remove(releaseSecret({ labels: { ...labels, "provision.dev/instance": "other" } }));
  expect(others.reported).toHaveLength(1);
});
