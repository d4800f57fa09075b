/** Contract: CustomResourceDefinitions from their refusal to their end, and what their kinds keep to. */
import { z } from "zod";
import { contract } from "./suite.ts";
import type { Answer, Target } from "./target.ts";

const { clause, difference } = contract();
const definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
const group = "defined.example.test";

const rootSchema = (properties: object): object => ({ type: "object", properties });

const version = (name: string, schema: object, more: object = {}): object => ({
  name,
  served: true,
  storage: true,
  schema: { openAPIV3Schema: schema },
  ...more,
});

const definition = (
  plural: string,
  kind: string,
  versions: readonly object[],
  more: object = {},
): object => ({
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: `${plural}.${group}` },
  spec: { group, scope: "Namespaced", names: { plural, kind }, versions, ...more },
});

const established = z.object({
  status: z.object({
    conditions: z.array(z.looseObject({ type: z.string(), status: z.string() })),
  }),
});

/** Until the definition says so and its kind is served, which both come a moment later. */
const establish = async (to: Target, plural: string, body: object): Promise<Answer> => {
  const made = await to.request("POST", `${definitions}?fieldManager=contract`, { body });
  for (;;) {
    const answer = await to.request("GET", `${definitions}/${plural}.${group}`);
    const conditions = established.safeParse(answer.body).data?.status.conditions ?? [];
    if (conditions.some(({ type, status }) => type === "Established" && status === "True")) break;
  }
  await to.until(`/apis/${group}/v1/${plural}`, 200);
  return made;
};

const items = (plural: string): string => `/apis/${group}/v1/namespaces/default/${plural}`;

const item = (kind: string, name: string, content: object): object => ({
  apiVersion: `${group}/v1`,
  kind,
  metadata: { name },
  ...content,
});

const served = z.looseObject({
  resources: z.array(
    z.looseObject({
      verbs: z.array(z.string()).transform((verbs) => verbs.toSorted()),
      storageVersionHash: z.string().optional(),
    }),
  ),
});

/** Those of this file so far. */
const kindsServed = async (to: Target): Promise<Answer> => {
  const { status, body } = await to.request("GET", `/apis/${group}/v1`);
  const { resources, ...list } = served.parse(body);
  return {
    status,
    body: { ...list, kinds: resources.map(({ storageVersionHash: _hash, ...kind }) => kind) },
  };
};

clause("A definition is established under the names that it asks for", [201, 200, 200], async (to) => {
  const made = await establish(to, "lamps", definition("lamps", "Lamp", [version("v1", rootSchema({}))]));
  return [made, await to.request("GET", `${definitions}/lamps.${group}`), await kindsServed(to)];
});

const refused: Readonly<Record<string, object>> = {
  "another name than its own": {
    ...definition("a", "A", [version("v1", rootSchema({}))]),
    metadata: { name: "b.x" },
  },
  "no versions": definition("a", "A", []),
  "no schema": definition("a", "A", [{ name: "v1", served: true, storage: true }]),
  "a scope": definition("a", "A", [version("v1", rootSchema({}))], { scope: "Odd" }),
  "a value without type": definition("a", "A", [version("v1", rootSchema({ a: { description: "x" } }))]),
  "a list without items": definition("a", "A", [version("v1", rootSchema({ a: { type: "array" } }))]),
  "a type inside anyOf": definition("a", "A", [
    version("v1", rootSchema({ a: { type: "string", anyOf: [{ type: "string" }] } })),
  ]),
  "both kinds of properties": definition("a", "A", [
    version(
      "v1",
      rootSchema({
        a: {
          type: "object",
          properties: { b: { type: "string" } },
          additionalProperties: { type: "string" },
        },
      }),
    ),
  ]),
  "a default of another type": definition("a", "A", [
    version("v1", rootSchema({ a: { type: "integer", default: "x" } })),
  ]),
  "a protected group": {
    ...definition("a", "A", [version("v1", rootSchema({}))], { group: "a.k8s.io" }),
    metadata: { name: "a.a.k8s.io" },
  },
};

for (const [what, body] of Object.entries(refused)) {
  clause(`A definition is refused for ${what}`, [422], async (to) => [
    await to.request("POST", `${definitions}?dryRun=All`, { body }),
  ]);
}

difference(
  "A definition is refused for two storage versions",
  "its versions are shown shorter",
  [422],
  async (to) => [
    await to.request("POST", `${definitions}?dryRun=All`, {
      body: definition("a", "A", [version("v1", rootSchema({})), version("v2", rootSchema({}))]),
    }),
  ],
);

const valveSchema = rootSchema({
  spec: {
    type: "object",
    required: ["size"],
    properties: {
      size: { type: "integer", minimum: 1, maximum: 10 },
      name: { type: "string", minLength: 2, maxLength: 4, pattern: "^[a-z]+$" },
      mode: { type: "string", enum: ["open", "closed"], default: "open" },
      port: { "x-kubernetes-int-or-string": true },
      tags: { type: "array", items: { type: "string" }, maxItems: 2, "x-kubernetes-list-type": "set" },
      parts: {
        type: "array",
        "x-kubernetes-list-type": "map",
        "x-kubernetes-list-map-keys": ["name"],
        items: {
          type: "object",
          required: ["name"],
          properties: { name: { type: "string" }, count: { type: "integer", default: 1 } },
        },
      },
      free: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
      labels: { type: "object", additionalProperties: { type: "string" } },
      maybe: { type: "string", nullable: true },
    },
  },
  status: { type: "object", properties: { state: { type: "string" } } },
});

const valves = (to: Target): Promise<Answer> =>
  establish(
    to,
    "valves",
    definition("valves", "Valve", [version("v1", valveSchema, { subresources: { status: {} } })]),
  );

const specs: Readonly<Record<string, unknown>> = {
  "a missing value": {},
  "a value of another type": { size: "big" },
  "a number that is too small": { size: 0 },
  "a number that is too big": { size: 11 },
  "a text that is too short": { size: 1, name: "a" },
  "a text that is too long": { size: 1, name: "abcde" },
  "a text of another form": { size: 1, name: "AB" },
  "a value that is none of a few": { size: 1, mode: "ajar" },
  "a list that is too long": { size: 1, tags: ["a", "b", "c"] },
  "a set with one value twice": { size: 1, tags: ["a", "a"] },
  "items of one key": { size: 1, parts: [{ name: "a" }, { name: "a" }] },
  "an item without its key": { size: 1, parts: [{ count: 2 }] },
  "a map's value": { size: 1, labels: { a: 1 } },
  "a number or text that is neither": { size: 1, port: true },
  "null where it may not be": { size: null },
  "no object at all": "big",
};

for (const [what, spec] of Object.entries(specs)) {
  clause(`A custom object is refused for ${what}`, [422], async (to) => {
    await valves(to);
    return [
      await to.request("POST", `${items("valves")}?dryRun=All`, { body: item("Valve", "wrong", { spec }) }),
    ];
  });
}

clause("Unknown fields go, with a warning; known ones and free ones stay", [201, 201, 400], async (to) => {
  await valves(to);
  const body = item("Valve", "unknown", {
    spec: { size: 1, sise: 2, free: { a: { b: [1] } }, parts: [{ name: "a", other: 1 }], maybe: null },
    status: { state: "ignored" },
  });
  const path = `${items("valves")}?dryRun=All&fieldManager=contract`;
  return [
    await to.request("POST", path, { body }),
    await to.request("POST", `${path}&fieldValidation=Ignore`, { body }),
    await to.request("POST", `${path}&fieldValidation=Strict`, { body }),
  ];
});

clause("A custom object's status is written by itself", [201, 200, 200, 422, 409], async (to) => {
  await valves(to);
  const made = await to.request("POST", `${items("valves")}?fieldManager=contract`, {
    body: item("Valve", "status", { spec: { size: 1 } }),
  });
  const { resourceVersion } = z
    .object({ metadata: z.object({ resourceVersion: z.string() }) })
    .parse(made.body).metadata;
  const put = (metadata: object) =>
    to.request("PUT", `${items("valves")}/status?fieldManager=contract`, {
      body: { ...item("Valve", "status", { spec: { size: 2 } }), metadata: { name: "status", ...metadata } },
    });
  return [
    made,
    await to.apply(
      `${items("valves")}/status/status`,
      "operator",
      item("Valve", "status", { status: { state: "on" } }),
    ),
    await to.apply(
      `${items("valves")}/status`,
      "owner",
      item("Valve", "status", { spec: { size: 3 } }),
      "&force=true",
    ),
    await put({}),
    await put({ resourceVersion }),
  ];
});

clause("Custom lists and maps merge as their schema says", [201, 200, 200, 409], async (to) => {
  await valves(to);
  const apply = (manager: string, spec: object) =>
    to.apply(`${items("valves")}/merged`, manager, item("Valve", "merged", { spec }));
  return [
    await apply("one", { size: 1, tags: ["a"], parts: [{ name: "a" }], labels: { a: "1" } }),
    await apply("two", { size: 1, tags: ["b"], parts: [{ name: "b", count: 2 }], labels: { b: "1" } }),
    await apply("one", { size: 1 }),
    await apply("one", { size: 2 }),
  ];
});

clause("An apply refuses what a custom kind does not have", [500, 500], async (to) => {
  await valves(to);
  const apply = (spec: object) => to.apply(`${items("valves")}/odd`, "one", item("Valve", "odd", { spec }));
  return [await apply({ size: 1, parts: [{ name: "a", other: 1 }] }), await apply({ size: "big" })];
});

clause("A definition goes with its objects, and its kind with it", [200, 404, 404], async (to) => {
  await establish(to, "bulbs", definition("bulbs", "Bulb", [version("v1", rootSchema({}))]));
  await to.request("POST", items("bulbs"), { body: item("Bulb", "one", {}) });
  const deleted = await to.request("DELETE", `${definitions}/bulbs.${group}`);
  return [
    // Which conditions it has by then is chance.
    { status: deleted.status, body: {} },
    await to.until(`${definitions}/bulbs.${group}`, 404),
    await to.until(items("bulbs"), 404),
  ];
});

clause("Names that another definition has are not accepted", [200], async (to) => {
  await establish(to, "doors", definition("doors", "Door", [version("v1", rootSchema({}))]));
  await to.request("POST", definitions, {
    body: definition("gates", "Door", [version("v1", rootSchema({}))]),
  });
  const accepted = z.object({
    status: z.object({
      conditions: z
        .array(z.looseObject({ type: z.literal("NamesAccepted"), status: z.literal("False") }))
        .nonempty(),
    }),
  });
  for (;;) {
    const { status, body } = await to.request("GET", `${definitions}/gates.${group}`);
    const found = z
      .looseObject({ status: z.looseObject({ conditions: z.array(z.looseObject({ type: z.string() })) }) })
      .safeParse(body).data?.status;
    const conditions = found?.conditions.filter(({ type }) => type === "NamesAccepted");
    if (accepted.safeParse({ status: { conditions } }).success) return [{ status, body: found }];
  }
});
