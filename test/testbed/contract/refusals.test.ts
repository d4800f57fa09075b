/** Contract: what is refused in objects, each with its field and in the server's words. Nothing is kept. */
import { contract } from "./suite.ts";

const { clause } = contract();

const metadata = (more: object): object => ({ metadata: { name: "wrong", ...more } });

const pod = (container: object, spec: object = {}): object => ({
  spec: { containers: [{ name: "web", image: "example.test/web", ...container }], ...spec },
});

const workload = (spec: object, podSpec: object = {}): object => ({
  spec: {
    selector: { matchLabels: { app: "web" } },
    template: {
      metadata: { labels: { app: "web" } },
      spec: { containers: [{ name: "web", image: "example.test/web" }], ...podSpec },
    },
    ...spec,
  },
});

const service = (spec: object): object => ({ spec: { ports: [{ port: 80 }], ...spec } });
const once = { spec: { restartPolicy: "Never", containers: [{ name: "web", image: "example.test/web" }] } };
const backend = { service: { name: "web", port: { number: 80 } } };
const path = { path: "/", pathType: "Prefix", backend };

/** By path and kind, what is tried. */
const tried: Readonly<Record<string, Readonly<Record<string, object>>>> = {
  "api/v1/namespaces/default/configmaps ConfigMap": {
    "a label's value": metadata({ labels: { app: "not valid!" } }),
    "a label's value that is too long": metadata({ labels: { app: "a".repeat(64) } }),
    "a label's key": metadata({ labels: { "not valid": "x" } }),
    "a label's prefix": metadata({ labels: { "UP/": "x" } }),
    "an annotation's key": metadata({ annotations: { "not valid": "x" } }),
    "a finalizer without domain": metadata({ finalizers: ["hold"] }),
    "a finalizer": metadata({ finalizers: ["not valid/x"] }),
    "an owner without uid": metadata({
      ownerReferences: [{ apiVersion: "v1", kind: "ConfigMap", name: "owner", uid: "" }],
    }),
    "a name that is too long": metadata({ name: "a".repeat(254) }),
    "a key": { data: { "not valid": "x" } },
  },
  "api/v1/namespaces/default/secrets Secret": {
    "keys that its type needs": { type: "kubernetes.io/tls", data: {} },
    "a login that is no JSON": {
      type: "kubernetes.io/dockerconfigjson",
      data: { ".dockerconfigjson": "eA==" },
    },
    "a key": { stringData: { "not valid": "x" } },
    "a token of no account": { type: "kubernetes.io/service-account-token" },
    "a login without name": { type: "kubernetes.io/basic-auth" },
  },
  "api/v1/namespaces Namespace": { "a name": metadata({ name: "Not.Valid" }) },
  "api/v1/namespaces/default/services Service": {
    "a name": { ...service({}), ...metadata({ name: "1st" }) },
    "a port that is too high": service({ ports: [{ port: 99_999 }] }),
    "port 0": service({ ports: [{ port: 0 }] }),
    "ports without names": service({ ports: [{ port: 80 }, { port: 81 }] }),
    "ports of one name": service({
      ports: [
        { port: 80, name: "a" },
        { port: 81, name: "a" },
      ],
    }),
    "ports of one number": service({
      ports: [
        { port: 80, name: "a" },
        { port: 80, name: "b" },
      ],
    }),
    "a protocol": service({ ports: [{ port: 80, protocol: "HTTP" }] }),
    "a target": service({ ports: [{ port: 80, targetPort: "NOT_VALID" }] }),
    "a load balancer without address": service({ type: "LoadBalancer", clusterIP: "None" }),
    "a node port inside": service({ ports: [{ port: 80, nodePort: 30_000 }] }),
    "an outside policy inside": service({ externalTrafficPolicy: "Local" }),
    "an affinity": service({ sessionAffinity: "Odd" }),
    "an external name": { spec: { type: "ExternalName", externalName: "Not Valid" } },
    "a source range": service({ type: "LoadBalancer", loadBalancerSourceRanges: ["everywhere"] }),
  },
  "api/v1/namespaces/default/pods Pod": {
    "a container's name": pod({ name: "Web" }),
    "a pull policy": pod({ imagePullPolicy: "Sometimes" }),
    "a restart policy": pod({}, { restartPolicy: "Odd" }),
    ports: pod({
      ports: [
        { containerPort: 0 },
        { containerPort: 80, name: "toolongportname16" },
        { containerPort: 99_999, protocol: "X" },
      ],
    }),
    variables: pod({ env: [{ value: "x" }, { name: "a=b", value: "x" }] }),
    "requests above limits": pod({ resources: { requests: { cpu: "2" }, limits: { cpu: "1" } } }),
    "containers of one name": pod(
      {},
      {
        containers: [
          { name: "a", image: "x" },
          { name: "a", image: "y" },
        ],
      },
    ),
    "a mount of nothing": pod({ volumeMounts: [{ name: "nothing", mountPath: "/x" }] }),
    "a probe without port": pod({ livenessProbe: { httpGet: { path: "/" } } }),
  },
  "apis/apps/v1/namespaces/default/deployments Deployment": {
    "an empty selector": workload({ selector: {} }),
    "no selector": workload({ selector: undefined }),
    "a selector of others": workload({ selector: { matchLabels: { app: "other" } } }),
    "a restart policy": workload({}, { restartPolicy: "Never" }),
    "a strategy": workload({ strategy: { type: "Odd" } }),
    "a strategy with another's settings": workload({
      strategy: { type: "Recreate", rollingUpdate: { maxSurge: 1 } },
    }),
    "negative numbers": workload({ replicas: -1, minReadySeconds: -1, revisionHistoryLimit: -1 }),
    "no containers": workload({}, { containers: [] }),
  },
  "apis/apps/v1/namespaces/default/statefulsets StatefulSet": {
    "negative numbers": workload({ replicas: -1 }),
  },
  "apis/batch/v1/namespaces/default/jobs Job": {
    "a pod that never ends": {
      spec: { backoffLimit: -1, template: { spec: { containers: [{ name: "a", image: "x" }] } } },
    },
  },
  "apis/batch/v1/namespaces/default/cronjobs CronJob": {
    "a schedule": { spec: { schedule: "sometimes", jobTemplate: { spec: { template: once } } } },
  },
  "apis/coordination.k8s.io/v1/namespaces/default/leases Lease": {
    "its numbers": { spec: { leaseDurationSeconds: 0, leaseTransitions: -1 } },
  },
  "apis/networking.k8s.io/v1/namespaces/default/ingresses Ingress": {
    "no rules": { spec: {} },
    "a host": { spec: { rules: [{ host: "UPPER.example.test", http: { paths: [path] } }] } },
    "a path": { spec: { rules: [{ http: { paths: [{ ...path, path: "x" }] } }] } },
    "a type of path": { spec: { rules: [{ http: { paths: [{ ...path, pathType: "Odd" }] } }] } },
    "a backend without port": {
      spec: { rules: [{ http: { paths: [{ ...path, backend: { service: { name: "web" } } }] } }] },
    },
    "a certificate": {
      spec: {
        rules: [{ http: { paths: [path] } }],
        tls: [{ hosts: ["Not Valid"], secretName: "Not_Valid" }],
      },
    },
  },
  "apis/rbac.authorization.k8s.io/v1/namespaces/default/roles Role": {
    "a rule without verbs": { rules: [{ resources: ["pods"] }] },
  },
  "apis/rbac.authorization.k8s.io/v1/namespaces/default/rolebindings RoleBinding": {
    "a role of no kind": {
      roleRef: { kind: "Odd", name: "x" },
      subjects: [{ kind: "ServiceAccount", name: "default", namespace: "default" }],
    },
  },
  "apis/policy/v1/namespaces/default/poddisruptionbudgets PodDisruptionBudget": {
    "both numbers": { spec: { minAvailable: 1, maxUnavailable: 1, selector: {} } },
  },
  "api/v1/namespaces/default/persistentvolumeclaims PersistentVolumeClaim": {
    "no size": { spec: { accessModes: [] } },
  },
  "apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations ValidatingWebhookConfiguration": {
    "a webhook without all it needs": { webhooks: [{ name: "short", clientConfig: {} }] },
  },
};

const objectOf = (place: string, content: object): { readonly path: string; readonly body: object } => {
  const [url = "", kind = ""] = place.split(" ");
  const [root = "", group = "", version = ""] = url.split("/");
  const apiVersion = root === "api" ? group : `${group}/${version}`;
  return { path: `/${url}`, body: { apiVersion, kind, metadata: { name: "wrong" }, ...content } };
};

for (const [place, contents] of Object.entries(tried)) {
  for (const [what, content] of Object.entries(contents)) {
    const { path: url, body } = objectOf(place, content);
    clause(`A ${place.split(" ")[1]} is refused for ${what}`, [422], async (to) => [
      await to.request("POST", `${url}?dryRun=All&fieldValidation=Strict`, { body }),
    ]);
  }
}

/** What can't be read as the kind's type at all. */
const misread: Readonly<Record<string, readonly [place: string, content: object]>> = {
  "a number as text": ["api/v1/namespaces/default/pods Pod", pod({ env: [{ name: "a", value: 5 }] })],
  "a text as number": ["apis/apps/v1/namespaces/default/deployments Deployment", workload({ replicas: "2" })],
  "a text as list": ["api/v1/namespaces/default/pods Pod", pod({ args: "--all" })],
  "an amount that is none": [
    "api/v1/namespaces/default/pods Pod",
    pod({ resources: { requests: { cpu: "much" } } }),
  ],
  "data that is no base64": ["api/v1/namespaces/default/secrets Secret", { data: { key: "***" } }],
};

for (const [what, [place, content]] of Object.entries(misread)) {
  const { path: url, body } = objectOf(place, content);
  clause(`${what} is refused as it is read`, [400], async (to) => [
    await to.request("POST", `${url}?dryRun=All`, { body }),
  ]);
}

clause("A pod needs its ServiceAccount", [403], async (to) => {
  const { path: url, body } = objectOf(
    "api/v1/namespaces/default/pods Pod",
    pod({}, { serviceAccountName: "nobody" }),
  );
  return [await to.request("POST", `${url}?dryRun=All`, { body })];
});

const changes = "api/v1/namespaces/default";

clause("What can't change is refused in a change", [201, 422, 201, 422, 201, 422, 422], async (to) => {
  const merge = (url: string, body: object) =>
    to.request("PATCH", url, { body, type: "application/merge-patch+json" });
  return [
    await to.request("POST", `/${changes}/secrets?fieldManager=contract`, {
      body: {
        apiVersion: "v1",
        kind: "Secret",
        metadata: { name: "fixed" },
        immutable: true,
        stringData: { a: "1" },
      },
    }),
    await merge(`/${changes}/secrets/fixed`, { stringData: { a: "2" } }),
    await to.request("POST", "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings?fieldManager=contract", {
      body: {
        apiVersion: "rbac.authorization.k8s.io/v1",
        kind: "ClusterRoleBinding",
        metadata: { name: "fixed" },
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "view" },
      },
    }),
    await merge("/apis/rbac.authorization.k8s.io/v1/clusterrolebindings/fixed", {
      roleRef: { name: "edit" },
    }),
    await to.request("POST", "/apis/storage.k8s.io/v1/storageclasses?fieldManager=contract", {
      body: {
        apiVersion: "storage.k8s.io/v1",
        kind: "StorageClass",
        metadata: { name: "fixed" },
        provisioner: "example.test/disk",
      },
    }),
    await merge("/apis/storage.k8s.io/v1/storageclasses/fixed", { provisioner: "example.test/other" }),
    await merge(`/${changes}/services/kubernetes?dryRun=All`, { spec: { clusterIP: "127.96.0.99" } }),
  ];
});
