/** Contract: Secrets, as JSON, as YAML and as protobuf, which Helm and other Go clients write. */
import protobuf from "protobufjs";
import { contract } from "./suite.ts";

const { clause } = contract();
const secrets = "/api/v1/namespaces/default/secrets";

/** The few messages that are needed here, with the field numbers of the published `generated.proto` files. */
const { root } = protobuf.parse(`
syntax = "proto2";
message TypeMeta { optional string apiVersion = 1; optional string kind = 2; }
message Unknown { optional TypeMeta typeMeta = 1; optional bytes raw = 2; optional string contentEncoding = 3; optional string contentType = 4; }
message ObjectMeta { optional string name = 1; optional string namespace = 3; map<string, string> labels = 11; map<string, string> annotations = 12; repeated string finalizers = 14; }
message Secret { optional ObjectMeta metadata = 1; map<string, bytes> data = 2; optional string type = 3; map<string, string> stringData = 4; optional bool immutable = 5; }
message ConfigMap { optional ObjectMeta metadata = 1; map<string, string> data = 2; }
message Preconditions { optional string uid = 1; optional string resourceVersion = 2; }
message DeleteOptions { optional int64 gracePeriodSeconds = 1; optional Preconditions preconditions = 2; optional string propagationPolicy = 4; }
`);

const encode = (type: string, value: object): Buffer => {
  const message = root.lookupType(type);
  return Buffer.from(message.encode(message.fromObject(value)).finish());
};

/** With the four bytes that say what it is. */
const encoded = (apiVersion: string, kind: string, value: object): Buffer =>
  Buffer.concat([
    Buffer.from("k8s\0", "latin1"),
    encode("Unknown", { typeMeta: { apiVersion, kind }, raw: encode(kind, value) }),
  ]);

const type = "application/vnd.kubernetes.protobuf";
const bytes = Buffer.from([0, 1, 254, 255]);

clause("A Secret is the same however it is written", [201, 201, 201], async (to) => {
  const metadata = { name: "form", labels: { owner: "helm" } };
  const post = (body: unknown, contentType: string) =>
    to.request("POST", `${secrets}?dryRun=All&fieldManager=contract`, { body, type: contentType });
  const content = { apiVersion: "v1", kind: "Secret", metadata, type: "helm.sh/release.v1" };
  return [
    await post({ ...content, data: { release: bytes.toString("base64") } }, "application/json"),
    await post(
      `apiVersion: v1\nkind: Secret\nmetadata: {name: form, labels: {owner: helm}}\ntype: helm.sh/release.v1\ndata: {release: ${bytes.toString("base64")}}\n`,
      "application/yaml",
    ),
    await post(
      encoded("v1", "Secret", { metadata, type: "helm.sh/release.v1", data: { release: bytes } }),
      type,
    ),
  ];
});

clause(
  "What is written as protobuf is read as JSON, updated and deleted",
  [201, 200, 200, 200],
  async (to) => {
    const secret = (data: object) => encoded("v1", "Secret", { metadata: { name: "written" }, data });
    return [
      await to.request("POST", `${secrets}?fieldManager=contract`, { body: secret({ a: bytes }), type }),
      await to.request("GET", `${secrets}/written`),
      await to.request("PUT", `${secrets}/written?fieldManager=contract`, {
        body: secret({ b: bytes }),
        type,
      }),
      await to.request("DELETE", `${secrets}/written`, {
        body: encoded("v1", "DeleteOptions", { propagationPolicy: "Background" }),
        type,
      }),
    ];
  },
);

clause("A body that is no protobuf is refused", [400, 400], async (to) => [
  await to.request("POST", secrets, { body: Buffer.from("{}"), type }),
  await to.request("POST", secrets, {
    body: encoded("v1", "ConfigMap", { metadata: { name: "other" } }),
    type,
  }),
]);

clause("Texts are written, and read as data; the later of two values counts", [201, 200], async (to) => [
  await to.request("POST", `${secrets}?fieldManager=contract`, {
    body: {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "texts" },
      data: { a: Buffer.from("data").toString("base64"), b: "" },
      stringData: { a: "text", c: "ü" },
    },
  }),
  await to.request("PATCH", `${secrets}/texts?fieldManager=contract`, {
    body: { stringData: { a: "patched" }, data: { b: null } },
    type: "application/merge-patch+json",
  }),
]);

clause("A Secret that is applied with texts owns them so", [201, 200], async (to) => {
  const secret = (stringData: object) => ({
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "applied" },
    type: "Opaque",
    stringData,
  });
  return [
    await to.apply(`${secrets}/applied`, "one", secret({ a: "1", b: "1" })),
    await to.apply(`${secrets}/applied`, "one", secret({ a: "2" })),
  ];
});

clause("Secrets are selected by their labels and their type", [200, 200], async (to) => {
  for (const name of ["one", "two"]) {
    await to.request("POST", `${secrets}?fieldManager=contract`, {
      body: {
        apiVersion: "v1",
        kind: "Secret",
        metadata: { name: `selected-${name}`, labels: { owner: "contract", name } },
        type: `example.test/${name}`,
      },
    });
  }
  return [
    await to.request("GET", `${secrets}?labelSelector=owner%3Dcontract,name%3Done`),
    await to.request("GET", `${secrets}?fieldSelector=type%3Dexample.test/two`),
  ];
});
