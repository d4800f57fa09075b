/** Contract: what a small object of each kind becomes: its defaults, and who owns them. Nothing is kept. */
import { contract } from "./suite.ts";

const { clause, difference } = contract();

const template = {
  metadata: { labels: { app: "web" } },
  spec: {
    containers: [
      {
        name: "web",
        image: "example.test/web",
        ports: [{ containerPort: 80 }],
        readinessProbe: { httpGet: { port: 80 } },
        resources: { limits: { cpu: "500m", memory: "1Gi" } },
        env: [{ name: "POD", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } }],
      },
    ],
    volumes: [
      { name: "config", configMap: { name: "config" } },
      { name: "secret", secret: { secretName: "secret" } },
      { name: "scratch", emptyDir: {} },
    ],
  },
};
const once = { metadata: template.metadata, spec: { ...template.spec, restartPolicy: "Never" } };
const selector = { matchLabels: { app: "web" } };
const claim = { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } };
const rules = [{ apiGroups: [""], resources: ["pods"], verbs: ["get"] }];
const subjects = [{ kind: "ServiceAccount", name: "default", namespace: "default" }];
const roleRef = { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "view" };
const webhook = {
  name: "small.example.test",
  sideEffects: "None",
  admissionReviewVersions: ["v1"],
  clientConfig: { service: { namespace: "default", name: "nobody" } },
  rules: [{ apiGroups: [""], apiVersions: ["v1"], resources: ["pods"], operations: ["CREATE"] }],
};
const backend = { service: { name: "web", port: { number: 80 } } };

/** By `apiVersion Kind plural`: what the object has besides its name. */
const small: Readonly<Record<string, object>> = {
  "v1 ConfigMap configmaps": { data: { key: "value" }, binaryData: { bytes: "AAEC" } },
  "v1 Secret secrets": { stringData: { token: "text" }, data: { other: "dGV4dA==" } },
  "v1 ServiceAccount serviceaccounts": {},
  "v1 Service services": {
    spec: { selector: { app: "web" }, clusterIP: "None", ports: [{ port: 80, targetPort: "http" }] },
  },
  "v1 PersistentVolumeClaim persistentvolumeclaims": { spec: claim },
  "v1 PodTemplate podtemplates": { template },
  "v1 Endpoints endpoints": { subsets: [{ addresses: [{ ip: "10.1.2.3" }], ports: [{ port: 80 }] }] },
  "v1 ResourceQuota resourcequotas": { spec: { hard: { pods: "10" } } },
  "apps/v1 Deployment deployments": { spec: { selector, template } },
  "apps/v1 ReplicaSet replicasets": { spec: { selector, template } },
  "apps/v1 StatefulSet statefulsets": {
    spec: {
      selector,
      template,
      serviceName: "web",
      volumeClaimTemplates: [{ metadata: { name: "data" }, spec: claim }],
    },
  },
  "apps/v1 DaemonSet daemonsets": { spec: { selector, template } },
  "batch/v1 CronJob cronjobs": { spec: { schedule: "0 * * * *", jobTemplate: { spec: { template: once } } } },
  "networking.k8s.io/v1 Ingress ingresses": {
    spec: {
      rules: [{ host: "web.example.test", http: { paths: [{ path: "/", pathType: "Prefix", backend }] } }],
    },
  },
  "networking.k8s.io/v1 NetworkPolicy networkpolicies": {
    spec: { podSelector: {}, ingress: [{ ports: [{ port: 80 }] }] },
  },
  "rbac.authorization.k8s.io/v1 Role roles": { rules },
  "rbac.authorization.k8s.io/v1 RoleBinding rolebindings": { roleRef, subjects },
  "policy/v1 PodDisruptionBudget poddisruptionbudgets": { spec: { minAvailable: 1, selector } },
  "coordination.k8s.io/v1 Lease leases": {
    spec: { holderIdentity: "one", leaseDurationSeconds: 30, renewTime: "2026-01-01T00:00:00.000000Z" },
  },
  "autoscaling/v2 HorizontalPodAutoscaler horizontalpodautoscalers": {
    spec: { scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "web" }, maxReplicas: 3 },
  },
  "discovery.k8s.io/v1 EndpointSlice endpointslices": {
    addressType: "IPv4",
    endpoints: [{ addresses: ["10.1.2.3"] }],
    ports: [{ port: 80 }],
  },
};

/** Kinds of the whole cluster. */
const smallOfCluster: Readonly<Record<string, object>> = {
  "v1 Namespace namespaces": {},
  "networking.k8s.io/v1 IngressClass ingressclasses": { spec: { controller: "example.test/controller" } },
  "rbac.authorization.k8s.io/v1 ClusterRole clusterroles": { rules },
  "rbac.authorization.k8s.io/v1 ClusterRoleBinding clusterrolebindings": { roleRef, subjects },
  "storage.k8s.io/v1 StorageClass storageclasses": { provisioner: "example.test/disk" },
  "scheduling.k8s.io/v1 PriorityClass priorityclasses": { value: 100 },
  "admissionregistration.k8s.io/v1 ValidatingWebhookConfiguration validatingwebhookconfigurations": {
    webhooks: [webhook],
  },
  "admissionregistration.k8s.io/v1 MutatingWebhookConfiguration mutatingwebhookconfigurations": {
    webhooks: [webhook],
  },
};

const places = [
  { objects: small, namespaced: true },
  { objects: smallOfCluster, namespaced: false },
];

for (const { objects, namespaced } of places) {
  for (const [name, content] of Object.entries(objects)) {
    const [apiVersion = "", kind = "", plural = ""] = name.split(" ");
    const path = `${apiVersion === "v1" ? "/api/v1" : `/apis/${apiVersion}`}/${namespaced ? "namespaces/default/" : ""}${plural}`;
    const body = { apiVersion, kind, metadata: { name: "small" }, ...content };
    clause(`A small ${kind} gets its defaults, and the same by an apply`, [201, 201], async (to) => [
      await to.request("POST", `${path}?dryRun=All&fieldManager=contract&fieldValidation=Strict`, { body }),
      await to.apply(`${path}/small`, "contract", body, "&dryRun=All"),
    ]);
  }
}

difference(
  "A small PersistentVolume is protected, and says since when it waits",
  "no finalizer, no time: none of our charts makes one",
  [201],
  async (to) => [
    await to.request("POST", "/api/v1/persistentvolumes?dryRun=All&fieldManager=contract", {
      body: {
        apiVersion: "v1",
        kind: "PersistentVolume",
        metadata: { name: "small" },
        spec: {
          accessModes: ["ReadWriteOnce"],
          capacity: { storage: "1Gi" },
          nfs: { server: "10.1.2.3", path: "/" },
        },
      },
    }),
  ],
);
