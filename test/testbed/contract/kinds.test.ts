/** Contract: kinds that a CustomResourceDefinition brings, as our steps first meet them. */
import { z } from "zod";
import { contract } from "./suite.ts";
import type { Target } from "./target.ts";

const { clause } = contract();
const definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

const definition = (plural: string, kind: string, schema: object = {}): object => ({
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: `${plural}.example.test` },
  spec: {
    group: "example.test",
    scope: "Namespaced",
    names: { plural, singular: kind.toLowerCase(), kind, listKind: `${kind}List` },
    versions: [
      {
        name: "v1",
        served: true,
        storage: true,
        schema: {
          openAPIV3Schema: {
            type: "object",
            properties: {
              spec: {
                type: "object",
                required: ["size"],
                properties: {
                  size: { type: "integer", minimum: 1 },
                  colour: { type: "string", default: "red" },
                },
              },
            },
            ...schema,
          },
        },
      },
    ],
  },
});

const conditions = z.object({
  status: z.object({ conditions: z.array(z.object({ type: z.string(), status: z.string() })) }),
});

/** Asks until it is established and its kind is served: on the real server both come a moment later. */
const establish = async (to: Target, plural: string, kind: string): Promise<void> => {
  await to.request("POST", definitions, { body: definition(plural, kind) });
  for (;;) {
    const { body } = await to.request("GET", `${definitions}/${plural}.example.test`);
    const known = conditions.safeParse(body).data?.status.conditions ?? [];
    const served = await to.request("GET", `/apis/example.test/v1/${plural}`);
    if (
      known.some(({ type, status }) => type === "Established" && status === "True") &&
      served.status === 200
    )
      return;
  }
};

const thing = (kind: string, name: string, spec: object): object => ({
  apiVersion: "example.test/v1",
  kind,
  metadata: { name },
  spec,
});

const boxes = "/apis/example.test/v1/namespaces/default/boxes?fieldManager=contract&fieldValidation=Strict";

clause("A kind of a definition keeps to its schema", [422, 422, 400], async (to) => {
  await establish(to, "boxes", "Box");
  return [
    await to.request("POST", boxes, { body: thing("Box", "none", {}) }),
    await to.request("POST", boxes, { body: thing("Box", "small", { size: 0 }) }),
    await to.request("POST", boxes, { body: thing("Box", "odd", { size: 1, sise: 2 }) }),
  ];
});

clause("A default of a definition is the maker's, and so is what holds it", [201], async (to) => {
  await establish(to, "boxes", "Box");
  return [await to.request("POST", boxes, { body: thing("Box", "one", { size: 1 }) })];
});

clause("A definition without a type is refused", [422], async (to) => [
  await to.request("POST", definitions, {
    body: definition("untyped", "Untyped", { type: undefined }),
  }),
]);

clause("A watch from a version before the kind was there is told that it is too old", [200], async (to) => {
  await establish(to, "crates", "Crate");
  return [
    {
      status: 200,
      body: await to.watch("/apis/example.test/v1/namespaces/default/crates?resourceVersion=1"),
    },
  ];
});
