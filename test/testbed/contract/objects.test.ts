/** Contract: making, reading, refusing and deleting objects. */
import { z } from "zod";
import { contract } from "./suite.ts";
import type { Answer } from "./target.ts";

const { clause } = contract();
const maps = "/api/v1/namespaces/default/configmaps";
const leases = "/apis/coordination.k8s.io/v1/namespaces/default/leases";

const configMap = (name: string, more: object = {}): object => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name },
  data: { key: "value" },
  ...more,
});

const metadata = ({ body }: Answer): { uid: string; resourceVersion: string } =>
  z.object({ metadata: z.object({ uid: z.string(), resourceVersion: z.string() }) }).parse(body).metadata;

clause(
  "An object is made once, read, and gone when it is deleted",
  [201, 409, 200, 200, 404, 404],
  async (to) => [
    await to.request("POST", `${maps}?fieldManager=contract`, { body: configMap("once") }),
    await to.request("POST", maps, { body: configMap("once") }),
    await to.request("GET", `${maps}/once`),
    await to.request("DELETE", `${maps}/once`),
    await to.request("GET", `${maps}/once`),
    await to.request("DELETE", `${maps}/once`),
  ],
);

clause("What can't be is refused with its reason", [422, 404, 400], async (to) => [
  await to.request("POST", maps, { body: configMap("Not_A_Name") }),
  await to.request("POST", "/api/v1/namespaces/nowhere/configmaps", { body: configMap("lost") }),
  await to.request("POST", maps, {
    body: configMap("elsewhere", { metadata: { name: "x", namespace: "other" } }),
  }),
]);

clause("JSON that ends early is refused", [400], async (to) => [
  await to.request("POST", maps, { body: '{"kind":"ConfigMap","apiVersion":"v1","metadata":' }),
]);

clause("A group that nobody serves is not found", [404], async (to) => [
  await to.request("GET", "/apis/nobody.example/v1/things"),
]);

clause("A body of an unknown type is refused", [415], async (to) => [
  await to.request("POST", maps, { body: "key: value", type: "text/plain" }),
]);

clause(
  "Strict validation names the unknown, the repeated and the mistyped field",
  [400, 400, 400],
  async (to) => [
    await to.request("POST", `${maps}?fieldValidation=Strict`, { body: configMap("strict", { dta: {} }) }),
    await to.request("POST", `${maps}?fieldValidation=Strict`, {
      body: '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"strict"},"data":{"a":"1","a":"2"}}',
    }),
    await to.request("POST", `${maps}?fieldValidation=Strict`, {
      body: configMap("strict", { data: { key: 1 } }),
    }),
  ],
);

const services = "/api/v1/namespaces/default/services?fieldValidation=Strict";

clause("A Service needs ports", [422], async (to) => [
  await to.request("POST", services, {
    body: { apiVersion: "v1", kind: "Service", metadata: { name: "none" }, spec: { ports: [] } },
  }),
]);

clause("A Service of an unknown type is refused", [422], async (to) => [
  await to.request("POST", services, {
    body: {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "odd" },
      spec: { ports: [{ port: 80 }], type: "Odd" },
    },
  }),
]);

clause(
  "A write with an old resourceVersion is refused, which is how a Lease is held",
  [201, 200, 409],
  async (to) => {
    const lease = (holder: string, version?: string): object => ({
      apiVersion: "coordination.k8s.io/v1",
      kind: "Lease",
      metadata: { name: "held", ...(version === undefined ? {} : { resourceVersion: version }) },
      spec: { holderIdentity: holder, leaseDurationSeconds: 30, leaseTransitions: 0 },
    });
    const made = await to.request("POST", `${leases}?fieldManager=contract`, { body: lease("one") });
    const { resourceVersion } = metadata(made);
    return [
      made,
      await to.request("PUT", `${leases}/held?fieldManager=contract`, {
        body: lease("two", resourceVersion),
      }),
      await to.request("PUT", `${leases}/held?fieldManager=contract`, {
        body: lease("three", resourceVersion),
      }),
    ];
  },
);

clause("A deletion for another uid or version is refused", [201, 409, 409, 200], async (to) => {
  const made = await to.request("POST", `${maps}?fieldManager=contract`, { body: configMap("precise") });
  const options = (preconditions: object): object => ({
    kind: "DeleteOptions",
    apiVersion: "v1",
    preconditions,
  });
  return [
    made,
    await to.request("DELETE", `${maps}/precise`, {
      body: options({ uid: "00000000-0000-0000-0000-000000000000" }),
    }),
    await to.request("DELETE", `${maps}/precise`, { body: options({ resourceVersion: "1" }) }),
    await to.request("DELETE", `${maps}/precise`, { body: options({ uid: metadata(made).uid }) }),
  ];
});

clause("A finalizer holds an object until it is taken away", [201, 200, 200, 200, 404], async (to) => [
  await to.request("POST", `${maps}?fieldManager=contract`, {
    body: configMap("finalized", { metadata: { name: "finalized", finalizers: ["example.test/hold"] } }),
  }),
  await to.request("DELETE", `${maps}/finalized`, {
    body: { kind: "DeleteOptions", apiVersion: "v1", propagationPolicy: "Background" },
  }),
  await to.request("GET", `${maps}/finalized`),
  await to.request("PATCH", `${maps}/finalized?fieldManager=contract`, {
    body: { metadata: { finalizers: null } },
    type: "application/merge-patch+json",
  }),
  await to.request("GET", `${maps}/finalized`),
]);

clause("A foreground deletion of what owns nothing here waits for the collector", [201, 200], async (to) => [
  await to.request("POST", `${maps}?fieldManager=contract`, { body: configMap("foreground") }),
  await to.request("DELETE", `${maps}/foreground`, {
    body: { kind: "DeleteOptions", apiVersion: "v1", propagationPolicy: "Foreground" },
  }),
]);
