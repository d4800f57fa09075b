import { expect, test } from "vitest";
import { at, objectOf, objectsOf } from "../../../../src/sandbox/kubernetes/json.ts";
import { runCluster, widgetDefinition } from "../running-cluster.ts";

const definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
const widgets = "/apis/example.test/v1/namespaces/default/widgets";
const spec = {
  type: "object",
  required: ["size"],
  properties: {
    size: { type: "integer", minimum: 1 },
    color: { type: "string", enum: ["red", "blue"], default: "red" },
    name: { type: "string", pattern: "^[a-z]+$" },
    port: { "x-kubernetes-int-or-string": true },
    free: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
    items: {
      type: "array",
      "x-kubernetes-list-type": "map",
      "x-kubernetes-list-map-keys": ["name"],
      items: {
        type: "object",
        required: ["name"],
        properties: { name: { type: "string" }, value: { type: "string" } },
      },
    },
  },
};
const widget = (content: object, metadata: object = {}) => ({
  apiVersion: "example.test/v1",
  kind: "Widget",
  metadata: { name: "w", ...metadata },
  spec: { ...content },
});

const withWidgets = async (schema: object = spec) => {
  const cluster = await runCluster();
  await cluster.call("POST", definitions, widgetDefinition({ ...schema }));
  await cluster.settle();
  return cluster;
};

test("a kind is served once its definition is established", async () => {
  await using cluster = await runCluster();
  await cluster.call("POST", definitions, widgetDefinition(spec));
  expect(await cluster.call("GET", widgets)).toMatchObject({ status: 404, text: "404 page not found\n" });
  await cluster.settle();
  const definition = await cluster.read(`${definitions}/widgets.example.test`);
  expect(
    objectsOf(at(definition, "status", "conditions")).map((item) => `${item.type}=${item.status}`),
  ).toEqual(["NamesAccepted=True", "Established=True"]);
  expect(at(definition, "status", "storedVersions")).toEqual(["v1"]);
  expect((await cluster.call("GET", widgets)).status).toBe(200);
  const resources = objectsOf((await cluster.read("/apis/example.test/v1")).resources);
  expect(resources.map((resource) => resource.name)).toEqual(["widgets", "widgets/status"]);
});

test("defaults are filled in and unknown fields dropped", async () => {
  await using cluster = await withWidgets();
  const made = await cluster.call(
    "POST",
    widgets,
    widget({ size: 1, extra: true, free: { any: { thing: 1 } } }),
  );
  expect(made.body.spec).toEqual({ size: 1, color: "red", free: { any: { thing: 1 } } });
  expect(made.headers.get("warning")).toContain("spec.extra");
});

test("a resource that does not fit its schema is refused with every cause", async () => {
  await using cluster = await withWidgets();
  const answer = await cluster.call(
    "POST",
    widgets,
    widget({ size: 0, color: "green", name: "A", port: true, items: [{}] }),
  );
  expect(answer.body).toMatchObject({
    code: 422,
    reason: "Invalid",
    details: { kind: "Widget", group: "example.test", name: "w" },
  });
  const causes = objectsOf(at(answer.body, "details", "causes"));
  expect(causes.map((cause) => `${cause.field}: ${cause.reason}`).sort()).toEqual([
    "spec.color: FieldValueNotSupported",
    "spec.items[0].name: FieldValueRequired",
    "spec.name: FieldValueInvalid",
    "spec.port: FieldValueTypeInvalid",
    "spec.size: FieldValueInvalid",
  ]);
  expect(causes.find((cause) => cause.field === "spec.size")?.message).toBe(
    "Invalid value: 0: spec.size in body should be greater than or equal to 1",
  );
  const missing = await cluster.call("POST", widgets, widget({}));
  expect(missing.body.message).toBe('Widget.example.test "w" is invalid: spec.size: Required value');
});

test("lists with keys merge item by item under server-side apply", async () => {
  await using cluster = await withWidgets();
  await cluster.apply(`${widgets}/w`, widget({ size: 1, items: [{ name: "a", value: "1" }] }));
  const second = { ...widget({ items: [{ name: "b", value: "2" }] }) };
  const both = await cluster.apply(`${widgets}/w`, second, "fieldManager=other");
  expect(at(both.body, "spec", "items")).toEqual([
    { name: "a", value: "1" },
    { name: "b", value: "2" },
  ]);
  const again = await cluster.apply(`${widgets}/w`, second, "fieldManager=other");
  expect(at(again.body, "metadata", "resourceVersion")).toBe(at(both.body, "metadata", "resourceVersion"));
});

test("a replace needs the resource version", async () => {
  await using cluster = await withWidgets();
  await cluster.call("POST", widgets, widget({ size: 1 }));
  const answer = await cluster.call("PUT", `${widgets}/w`, widget({ size: 2 }));
  expect(answer.body).toMatchObject({
    code: 422,
    message: expect.stringContaining("must be specified for an update"),
  });
});

test("status has an endpoint of its own and generation counts the spec alone", async () => {
  await using cluster = await withWidgets();
  const made = await cluster.call("POST", widgets, { ...widget({ size: 1 }), status: { ready: true } });
  expect(made.body.status).toBeUndefined();
  const status = await cluster.call("PUT", `${widgets}/w/status`, { ...made.body, status: { ready: true } });
  expect(status.body).toMatchObject({ status: { ready: true }, metadata: { generation: 1 } });
});

test("strategic merge patches are for built-in kinds only", async () => {
  await using cluster = await withWidgets();
  await cluster.call("POST", widgets, widget({ size: 1 }));
  const answer = await cluster.call(
    "PATCH",
    `${widgets}/w`,
    {},
    { contentType: "application/strategic-merge-patch+json" },
  );
  expect(answer.status).toBe(415);
});

test("versions are converted without change", async () => {
  await using cluster = await runCluster();
  const definition = widgetDefinition(spec);
  const [v1] = objectsOf(at(definition, "spec", "versions"));
  const versions = [{ ...v1 }, { ...v1, name: "v1beta1", storage: false }];
  await cluster.call("POST", definitions, {
    ...definition,
    spec: { ...objectOf(definition.spec), versions },
  });
  await cluster.settle();
  await cluster.call("POST", widgets, widget({ size: 1 }));
  const old = await cluster.read(widgets.replace("/v1/", "/v1beta1/").concat("/w"));
  expect(old).toMatchObject({ apiVersion: "example.test/v1beta1", spec: { size: 1 } });
});

test("deleting a definition deletes its objects, and waits for those that are held", async () => {
  await using cluster = await withWidgets();
  await cluster.call("POST", widgets, widget({ size: 1 }, { finalizers: ["example.test/hold"] }));
  await cluster.call("DELETE", `${definitions}/widgets.example.test`);
  await cluster.settle();
  expect((await cluster.call("GET", `${definitions}/widgets.example.test`)).status).toBe(200);
  await cluster.call(
    "PATCH",
    `${widgets}/w`,
    { metadata: { finalizers: null } },
    { contentType: "application/merge-patch+json" },
  );
  await cluster.settle();
  expect((await cluster.call("GET", `${definitions}/widgets.example.test`)).status).toBe(404);
  expect((await cluster.call("GET", widgets)).status).toBe(404);
});

test.each([
  [
    "a value without type",
    { type: "object", properties: { a: {} } },
    "spec.validation.openAPIV3Schema.properties[spec].properties[a].type: Required value: must not be empty for specified object fields",
  ],
  [
    "a list without items",
    { type: "object", properties: { a: { type: "array" } } },
    "properties[a].items: Required value: must be specified",
  ],
])("a schema that is not structural is refused: %s", async (_what, schema, message) => {
  await using cluster = await runCluster();
  const answer = await cluster.call("POST", definitions, widgetDefinition({ ...schema }));
  expect(answer.body).toMatchObject({
    code: 422,
    reason: "Invalid",
    message: expect.stringContaining(message),
  });
});

test("the name of a definition is its plural and group", async () => {
  await using cluster = await runCluster();
  const answer = await cluster.call("POST", definitions, {
    ...widgetDefinition(spec),
    metadata: { name: "wrong.example.test" },
  });
  expect(answer.body.message).toContain('must be spec.names.plural+"."+spec.group');
});
