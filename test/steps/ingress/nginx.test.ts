import { expect, test } from "vitest";
import { Failure } from "../../../src/step/failure.ts";
import nginx from "../../../src/steps/ingress/nginx.ts";
import { started } from "../helm/started.ts";

const input = {
  cluster: { kind: "cluster", id: "kubeconfig:k#c", name: "c" },
  address: { kind: "public-ip", id: "/x", name: "clu-ip", group: "rg-ip", address: "20.4.8.15" },
};
const secret = { apiVersion: "v1", kind: "Secret", namespace: "ingress-nginx", name: "nginx-admission" };
const namespace = { apiVersion: "v1", kind: "Namespace", name: "ingress-nginx" };

/** Installed, with a Secret as somebody else made it. */
const installed = async (keys: readonly string[]) => {
  const { step, cluster, context } = started(nginx, input);
  await step.up();
  cluster.put({
    apiVersion: secret.apiVersion,
    kind: secret.kind,
    metadata: { namespace: secret.namespace, name: secret.name },
    data: Object.fromEntries(keys.map((key) => [key, "eA=="])),
  });
  return { step, cluster, context };
};

test("the certificate that the chart's Job made for the webhook goes with the release, and then the namespace", async () => {
  const { step, cluster, context } = await installed(["ca", "cert", "key"]);
  await step.destroy();
  expect(await cluster.get(secret)).toBeUndefined();
  expect(await cluster.get(namespace)).toBeUndefined();
  expect(context.reported).not.toContainEqual(expect.objectContaining({ kind: "notice" }));
});

test("a Secret of that name with other keys is somebody else's, and stays", async () => {
  const { step, cluster, context } = await installed(["tls.crt", "tls.key"]);
  await step.destroy();
  expect(await cluster.get(secret)).toBeDefined();
  expect(await cluster.get(namespace)).toBeDefined();
  expect(context.reported).toContainEqual({
    kind: "notice",
    message: "namespace ingress-nginx stays: Secret nginx-admission still in it",
  });
});

test("a Helm that waits for the address itself and runs out of time says what Azure refused, and what to do", async () => {
  const service = { apiVersion: "v1", kind: "Service", metadata: { name: "nginx-controller" } };
  const { step, helm, cluster } = started(nginx, input, { manifest: () => JSON.stringify(service) });
  cluster.put({
    apiVersion: "networking.k8s.io/v1",
    kind: "IngressClass",
    metadata: { name: "nginx" },
    spec: { controller: "k8s.io/ingress-nginx" },
  });
  cluster.put({
    apiVersion: "v1",
    kind: "Event",
    metadata: { namespace: "ingress-nginx", name: "nginx-controller.1" },
    involvedObject: { kind: "Service", namespace: "ingress-nginx", name: "nginx-controller" },
    type: "Warning",
    reason: "SyncLoadBalancerFailed",
    message: "ERROR CODE: AuthorizationFailed",
    lastTimestamp: "2026-11-24T12:00:00Z",
  });
  helm.failNext(new Failure({ kind: "rejected", code: "P0754", message: "timed out" }));
  await expect(step.up()).rejects.toMatchObject({
    hint: expect.stringContaining("needs Network Contributor on resource group rg-ip"),
    evidence: [
      "Service nginx-controller has no address yet",
      expect.stringContaining("ERROR CODE: AuthorizationFailed"),
    ],
  });
});
