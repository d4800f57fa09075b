/** What cert-manager leaves where Helm does not know of it, and what goes with it. */
import { expect, test } from "vitest";
import certManager from "../../../src/steps/certificates/cert-manager.ts";
import { started } from "../helm/started.ts";

const input = { cluster: { kind: "cluster", id: "kubeconfig:k#c", name: "c" } };

const secret = (name: string, labels: Readonly<Record<string, string>> = {}) => ({
  apiVersion: "v1",
  kind: "Secret",
  metadata: { name, namespace: "cert-manager", labels },
});

test("the CA that the webhook made for itself goes too, and the namespace with it", async () => {
  const { step, cluster, context } = started(certManager, input);
  await step.up();
  cluster.put(secret("cert-manager-webhook-ca", { "app.kubernetes.io/managed-by": "cert-manager-webhook" }));
  await step.destroy();
  expect(await cluster.get({ apiVersion: "v1", kind: "Namespace", name: "cert-manager" })).toBeUndefined();
  expect(context.reported.filter(({ kind }) => kind === "notice")).toEqual([]);
});

test("Secrets of others stay, and the namespace with them", async () => {
  const { step, cluster, context } = started(certManager, input);
  await step.up();
  cluster.put(secret("root-ca", { "app.kubernetes.io/managed-by": "people" }));
  await step.destroy();
  expect(
    await cluster.get({ apiVersion: "v1", kind: "Secret", namespace: "cert-manager", name: "root-ca" }),
  ).toBeDefined();
  expect(context.reported).toContainEqual({
    kind: "notice",
    message: "namespace cert-manager stays: Secret root-ca still in it",
  });
});

test("its Leases are in its own namespace, with which they go", async () => {
  const { step, helm } = started(certManager, input);
  await step.up();
  expect(helm.upgrades[0]?.values).toMatchObject({
    global: { leaderElection: { namespace: "cert-manager" } },
  });
});
