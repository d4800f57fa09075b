/** Contract: who owns which field, over applies, updates and resets. */
import { contract } from "./suite.ts";
import type { Answer, Target } from "./target.ts";

const { clause } = contract();
const maps = "/api/v1/namespaces/default/configmaps";
const templates = "/api/v1/namespaces/default/podtemplates";
const ingresses = "/apis/networking.k8s.io/v1/namespaces/default/ingresses";
const services = "/api/v1/namespaces/default/services";

const configMap = (name: string, data: object | undefined, more: object = {}): object => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name, ...more },
  data,
});

/** A kind with containers, and without controllers that write to it. */
const podTemplate = (name: string, container: object, spec: object = {}): object => ({
  apiVersion: "v1",
  kind: "PodTemplate",
  metadata: { name },
  template: { spec: { ...spec, containers: [{ name: "web", image: "example.test/web:1", ...container }] } },
});

const merge = (to: Target, path: string, manager: string, body: object): Promise<Answer> =>
  to.request("PATCH", `${path}?fieldManager=${manager}`, { body, type: "application/merge-patch+json" });

clause("Conflicts with several managers are told apart", [201, 200, 409], async (to) => [
  await to.apply(`${maps}/several`, "one", configMap("several", { a: "1", b: "1" })),
  await to.apply(`${maps}/several`, "two", configMap("several", { c: "1", d: "1" })),
  await to.apply(`${maps}/several`, "three", configMap("several", { a: "2", b: "2", c: "2" })),
]);

clause("What force takes is the other's no longer", [201, 200, 200, 200], async (to) => [
  await to.apply(`${maps}/forced`, "one", configMap("forced", { a: "1", b: "1" })),
  await to.apply(`${maps}/forced`, "two", configMap("forced", { a: "2" }), "&force=true"),
  await to.apply(`${maps}/forced`, "one", configMap("forced", { b: "1" })),
  await to.apply(`${maps}/forced`, "two", configMap("forced", {})),
]);

clause("The same apply again changes nothing, not even the version", [201, 200], async (to) => {
  const first = await to.apply(`${maps}/same`, "one", configMap("same", { a: "1" }));
  const again = await to.apply(`${maps}/same`, "one", configMap("same", { a: "1" }));
  return [first, { ...again, body: { same: JSON.stringify(first.body) === JSON.stringify(again.body) } }];
});

clause(
  "An object whose managers were taken away belongs to before-first-apply",
  [201, 200, 200, 200],
  async (to) => [
    await to.apply(`${maps}/reset`, "one", configMap("reset", { a: "1" })),
    await merge(to, `${maps}/reset`, "editor", { metadata: { managedFields: [{}] } }),
    await merge(to, `${maps}/reset`, "editor", { data: { b: "1" } }),
    await to.apply(`${maps}/reset`, "one", configMap("reset", { a: "1", c: "1" })),
  ],
);

clause("Labels, annotations and finalizers are owned one by one", [201, 200, 200], async (to) => [
  await to.apply(
    `${maps}/meta`,
    "one",
    configMap("meta", undefined, {
      labels: { a: "1" },
      annotations: { "example.test/a": "1" },
      finalizers: ["example.test/a"],
    }),
  ),
  await to.apply(
    `${maps}/meta`,
    "two",
    configMap("meta", undefined, { labels: { b: "1" }, finalizers: ["example.test/b"] }),
  ),
  await to.apply(`${maps}/meta`, "one", configMap("meta", undefined)),
]);

clause("Containers, ports and variables merge by their keys", [201, 200, 200, 200], async (to) => [
  await to.apply(
    `${templates}/keyed`,
    "one",
    podTemplate("keyed", {
      ports: [{ containerPort: 80, name: "http" }],
      env: [{ name: "A", value: "1" }],
      args: ["--a"],
    }),
  ),
  await to.apply(`${templates}/keyed`, "two", {
    apiVersion: "v1",
    kind: "PodTemplate",
    metadata: { name: "keyed" },
    template: {
      spec: {
        containers: [
          { name: "web", env: [{ name: "B", value: "1" }], ports: [{ containerPort: 81 }] },
          { name: "side", image: "example.test/side:1" },
        ],
      },
    },
  }),
  await to.apply(
    `${templates}/keyed`,
    "one",
    podTemplate("keyed", { ports: [{ containerPort: 80, name: "http" }], args: ["--b"] }),
  ),
  await to.apply(`${templates}/keyed`, "two", {
    apiVersion: "v1",
    kind: "PodTemplate",
    metadata: { name: "keyed" },
  }),
]);

const ingress = (host: string, status?: object): object => ({
  apiVersion: "networking.k8s.io/v1",
  kind: "Ingress",
  metadata: { name: "status" },
  spec: { rules: [{ host }] },
  ...(status === undefined ? {} : { status }),
});
const withAddress = { loadBalancer: { ingress: [{ ip: "10.1.2.3" }] } };

clause("The status has owners of its own", [201, 200, 200, 404], async (to) => [
  await to.apply(`${ingresses}/status`, "one", ingress("a.example.test", withAddress)),
  await to.apply(`${ingresses}/status/status`, "two", ingress("b.example.test", withAddress)),
  await to.apply(`${ingresses}/status`, "one", ingress("c.example.test", { loadBalancer: {} })),
  await to.apply(`${ingresses}/nowhere/status`, "two", {
    ...ingress("a.example.test"),
    metadata: { name: "nowhere" },
  }),
]);

clause("A value of another type is refused with its path", [500, 500, 500, 500], async (to) => [
  await to.apply(
    `${templates}/typed`,
    "one",
    podTemplate("typed", {}, { terminationGracePeriodSeconds: "2" }),
  ),
  await to.apply(`${templates}/typed`, "one", podTemplate("typed", { env: [{ name: "A", value: 1 }] })),
  await to.apply(`${templates}/typed`, "one", podTemplate("typed", { tty: "yes" })),
  await to.apply(
    `${templates}/typed`,
    "one",
    podTemplate("typed", {
      env: [
        { name: "A", value: "1" },
        { name: "A", value: "2" },
      ],
    }),
  ),
]);

clause("An apply may say which object it is about", [201, 409, 422, 400, 400], async (to) => [
  await to.apply(`${maps}/exact`, "one", configMap("exact", { a: "1" })),
  await to.apply(`${maps}/exact`, "one", configMap("exact", { a: "2" }, { resourceVersion: "1" })),
  await to.apply(
    `${maps}/exact`,
    "one",
    configMap("exact", { a: "2" }, { uid: "00000000-0000-0000-0000-000000000000" }),
  ),
  await to.apply(`${maps}/exact`, "one", { ...configMap("exact", {}), kind: "Secret" }),
  await to.apply(`${maps}/exact`, "one", configMap("exact", {}, { managedFields: [] })),
]);

clause("An update is the manager's that its query or its user agent names", [201, 200, 200], async (to) => [
  await to.request("POST", maps, { body: configMap("agent", { a: "1" }) }),
  await to.request("PATCH", `${maps}/agent`, {
    body: { data: { b: "1" } },
    type: "application/merge-patch+json",
  }),
  await merge(to, `${maps}/agent`, "editor", { data: { a: null, b: "2" } }),
]);

clause("A Service's ports and selector", [201, 200, 409], async (to) => {
  const service = (port: number, selector: object): object => ({
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "ports" },
    spec: { clusterIP: "None", ports: [{ port, name: `p${port}` }], selector },
  });
  return [
    await to.apply(`${services}/ports`, "one", service(80, { app: "a" })),
    await to.apply(`${services}/ports`, "two", service(81, { app: "a" })),
    await to.apply(`${services}/ports`, "two", service(81, { app: "b" })),
  ];
});
