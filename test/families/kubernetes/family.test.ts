/** Orphans are found by marks alone, in every kind that a cluster serves. */
import { expect, test } from "vitest";
import { kubernetesFamily } from "../../../src/families/kubernetes/family.ts";
import { marksOf, withMarks } from "../../../src/families/kubernetes/marks.ts";
import { Failure } from "../../../src/step/failure.ts";
import { fakeKubernetes } from "../../fakes/kubernetes.ts";
import { fakeContext, testOwner } from "../../fakes/step-context.ts";

const cluster = { type: "kubernetes/cluster", version: 1, id: "kubeconfig:a#b" };

const ref = (id: string) => ({ type: "kubernetes/secret", version: 1, id, within: cluster });

const secret = (name: string, more: object = {}) => ({
  apiVersion: "v1",
  kind: "Secret",
  metadata: { name, namespace: "default", ...more },
});

test("what carries the scope's marks is found once, with Ref and owner; the rest is not", async () => {
  const client = fakeKubernetes();
  const set = marksOf(testOwner, ref("set"));
  client.put(withMarks(secret("a"), set));
  client.put(withMarks({ ...secret("b"), kind: "ConfigMap" }, set));
  client.put(withMarks(secret("c"), marksOf({ ...testOwner, instance: "another" }, ref("c"))));
  client.put(secret("d"));
  const dependant = { ownerReferences: [{ kind: "Deployment", name: "x", uid: "1" }] };
  client.put(withMarks(secret("copied", dependant), marksOf(testOwner, ref("copied"))));
  const found = await kubernetesFamily.discover(fakeContext({ kubernetes: client }), testOwner, [cluster]);
  expect(found).toEqual([{ ref: ref("set"), owner: testOwner }]);
});

test("a kind that may not be read spoils no search", async () => {
  const client = fakeKubernetes();
  client.put(withMarks(secret("a"), marksOf(testOwner, ref("a"))));
  client.intercept((verb, { kind }) => {
    if (verb === "list" && kind === "Service")
      throw new Failure({ kind: "forbidden", code: "Forbidden", message: "no" });
  });
  const found = await kubernetesFamily.discover(fakeContext({ kubernetes: client }), testOwner, [cluster]);
  expect(found).toHaveLength(1);
});
