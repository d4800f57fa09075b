import { expect, test } from "vitest";
import { helmFailure } from "../../../src/clients/helm/errors.ts";

const failureOf = (stderr: string) =>
  helmFailure({ action: "installing release web/nginx", resource: "web/nginx", stderr, exitCode: 1 });

/** Recorded from Helm 4.2.3; what concerns kinds, rights and webhooks is as an API server words it. */
const recorded: readonly (readonly [kind: string, code: string, stderr: string])[] = [
  ["busy", "P0752", "Error: UPGRADE FAILED: another operation (install/upgrade/rollback) is in progress"],
  [
    "conflict",
    "P0753",
    'Error: unable to continue with install: ConfigMap "demo-config" in namespace "default" exists and cannot be imported into the current release: invalid ownership metadata; label validation error: missing key "app.kubernetes.io/managed-by": must be set to "Helm"; annotation validation error: missing key "meta.helm.sh/release-name": must be set to "own"',
  ],
  [
    "rejected",
    "P0755",
    "Error: values don't meet the specifications of the schema(s) in the following chart(s):\ndemo:\n- at '/replicas': got string, want integer\n",
  ],
  [
    "rejected",
    "P0756",
    "Error: YAML parse error on demo/templates/a.yaml: error converting YAML to JSON: yaml: line 14: did not find expected node content",
  ],
  ["rejected", "P0756", "Error: execution error at (demo/templates/a.yaml:24:27): the name is missing"],
  [
    "rejected",
    "P0756",
    "Error: chart requires kubeVersion: >=1.99.0 which is incompatible with Kubernetes v1.35.4",
  ],
  [
    "rejected",
    "P0754",
    'level=WARN msg="upgrade failed" name=t error="resource Deployment/default/demo not ready. status: InProgress, message: Replicas: 0/2\\ncontext deadline exceeded"\nError: UPGRADE FAILED: resource Deployment/default/demo not ready. status: InProgress, message: Replicas: 0/2\ncontext deadline exceeded',
  ],
  ["rejected", "P0754", "Error: UPGRADE FAILED: timed out waiting for the condition"],
  [
    "rejected",
    "P0748",
    "Error: failed pre-install: resource Job/ing/nginx-admission-create not ready. status: InProgress, message: Job in progress\ncontext deadline exceeded",
  ],
  [
    "transient",
    "P0757",
    'Error: kubernetes cluster unreachable: Get "http://localhost:8080/version": dial tcp 127.0.0.1:8080: connect: connection refused',
  ],
  [
    "unauthenticated",
    "P0758",
    "Error: kubernetes cluster unreachable: the server has asked for the client to provide credentials",
  ],
  [
    "transient",
    "P0763",
    'Error: looks like "http://127.0.0.1:37181" is not a valid chart repository or cannot be reached: Get "http://127.0.0.1:37181/index.yaml": dial tcp 127.0.0.1:37181: connect: connection refused',
  ],
  [
    "not-found",
    "P0763",
    'Error: looks like "https://charts.example.org" is not a valid chart repository or cannot be reached: Get "https://charts.example.org/index.yaml": dial tcp: lookup charts.example.org on 127.0.0.53:53: no such host',
  ],
  [
    "not-found",
    "P0763",
    'Error: failed to perform "FetchReference" on source: Get "https://quay.io/v2/jetstack/charts/cert-manager/manifests/v1.21.1": dial tcp: lookup quay.io on 127.0.0.53:53: no such host',
  ],
  ["not-found", "P0763", 'Error: path "/nope.tgz" not found'],
  [
    "rejected",
    "P0759",
    'Error: unable to build kubernetes objects from release manifest: resource mapping not found for name: "x" namespace: "" from "": no matches for kind "ClusterIssuer" in version "cert-manager.io/v1"\nensure CRDs are installed first',
  ],
  [
    "forbidden",
    "P0758",
    'Error: query: failed to query with labels: secrets is forbidden: User "system:serviceaccount:ci:deploy" cannot list resource "secrets" in API group "" in the namespace "web"',
  ],
  [
    "transient",
    "P0749",
    'Error: INSTALLATION FAILED: Internal error occurred: failed calling webhook "validate.nginx.ingress.kubernetes.io": no endpoints available for service "nginx-controller-admission"',
  ],
];

test.each(recorded)("%s %s: %s", (kind, code, stderr) => {
  expect(failureOf(stderr)).toMatchObject({ kind, code });
});

test("the message says what was tried and what Helm said, without its prefixes and warnings", () => {
  const failure = failureOf(
    'level=WARN msg="upgrade failed" name=t\nW1124 06:00:00.000000 1 warnings.go:70] deprecated\nError: UPGRADE FAILED: timed out waiting for the condition\n',
  );
  expect(failure.message).toBe("installing release web/nginx: timed out waiting for the condition");
});

test("a text that nobody foresaw is kept whole, and said to be unexpected", () => {
  expect(failureOf("Error: the moon is full\nreally")).toMatchObject({
    kind: "unexpected",
    message: "installing release web/nginx: the moon is full\nreally",
  });
});

test("a Helm that says nothing is named by its exit code", () => {
  expect(helmFailure({ action: "rendering x", resource: "x", stderr: "", exitCode: 137 }).message).toBe(
    "rendering x: Helm ended with exit code 137",
  );
});
