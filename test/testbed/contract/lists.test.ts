/** Contract: lists and their forms, selectors, pages, generated names, subresources. */
import { z } from "zod";
import { contract } from "./suite.ts";
import type { Target } from "./target.ts";

const { clause } = contract();
const maps = "/api/v1/namespaces/default/configmaps";
const deployments = "/apis/apps/v1/namespaces/default/deployments";

const map = (name: string, labels: object): object => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name, labels },
});

/** Three of them, with a tier and a set. */
const three = async (to: Target, set: string): Promise<void> => {
  for (const [name, tier] of Object.entries({ a: "front", b: "back", c: "back" })) {
    await to.apply(`${maps}/${set}-${name}`, "contract", map(`${set}-${name}`, { set, tier }));
  }
};

clause("Selectors of labels", [200, 200, 200, 200, 200, 400], async (to) => {
  await three(to, "labelled");
  const list = (selector: string) =>
    to.request("GET", `${maps}?labelSelector=${encodeURIComponent(selector)}`, {
      accept: "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1",
    });
  return [
    await list("set=labelled,tier!=front"),
    await list("set==labelled,tier in (front)"),
    await list("set=labelled,tier notin (front,back)"),
    await list("set=labelled,!other"),
    await list("set,set=labelled,tier"),
    await list("set in labelled"),
  ];
});

clause("Selectors of fields", [200, 200, 400], async (to) => {
  await three(to, "fielded");
  const list = (selector: string) =>
    to.request("GET", `${maps}?fieldSelector=${encodeURIComponent(selector)}`);
  return [
    await list("metadata.name=fielded-b"),
    await list("metadata.namespace=default,metadata.name=fielded-none"),
    await list("data.key=1"),
  ];
});

const page = z.looseObject({
  metadata: z.looseObject({ continue: z.string().optional() }),
  items: z.array(z.looseObject({ metadata: z.looseObject({ name: z.string() }) })),
});

clause("A list in pages is the whole list", [200, 200, 400], async (to) => {
  await three(to, "paged");
  const list = async (query: string) => {
    const { status, body } = await to.request("GET", `${maps}?labelSelector=set%3Dpaged&limit=2${query}`);
    const parsed = page.parse(body);
    const { continue: token, ...metadata } = parsed.metadata;
    const names = parsed.items.map((item) => item.metadata.name);
    return { token, answer: { status, body: { metadata, more: token !== undefined, names } } };
  };
  const first = await list("");
  return [
    first.answer,
    (await list(`&continue=${encodeURIComponent(first.token ?? "")}`)).answer,
    await to.request("GET", `${maps}?limit=2&continue=!!!!`),
  ];
});

const tables = z.looseObject({
  columnDefinitions: z.array(z.looseObject({ description: z.string() })),
  rows: z.array(z.looseObject({ cells: z.array(z.unknown()) })),
});

clause("Tables have the columns that people read", [200, 200, 200], async (to) => {
  await three(to, "tabled");
  const accept = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json";
  const table = async (path: string) => {
    const { status, body } = await to.request("GET", path, { accept });
    const { rows, columnDefinitions, ...document } = tables.parse(body);
    // What columns mean is told to no one by our clients; ages are chance.
    const rest = {
      ...document,
      columns: columnDefinitions.map(({ description: _text, ...column }) => column),
    };
    return {
      status,
      body: { ...rest, rows: rows.map(({ cells, ...row }) => ({ ...row, cells: cells.slice(0, -1) })) },
    };
  };
  return [
    await table(`${maps}?labelSelector=set%3Dtabled`),
    await table(`${maps}/tabled-a`),
    await table(`${maps}?labelSelector=set%3Dtabled&includeObject=None`),
  ];
});

clause("A name is generated from its beginning", [201, 422], async (to) => {
  const made = await to.request("POST", `${maps}?fieldManager=contract`, {
    body: { apiVersion: "v1", kind: "ConfigMap", metadata: { generateName: "made-" } },
  });
  const { name } = z.object({ metadata: z.object({ name: z.string() }) }).parse(made.body).metadata;
  const masked: unknown = JSON.parse(JSON.stringify(made.body).replaceAll(name, "<name>"));
  return [
    { status: made.status, body: { made: masked, fits: /^made-[a-z0-9]{5}$/.test(name) } },
    await to.request("POST", maps, { body: { apiVersion: "v1", kind: "ConfigMap", metadata: {} } }),
  ];
});

clause("A scale is read and written by itself", [201, 200, 200, 404], async (to) => {
  const body = {
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    metadata: { name: "scaled" },
    spec: {
      replicas: 0,
      serviceName: "scaled",
      selector: { matchLabels: { app: "scaled" } },
      template: {
        metadata: { labels: { app: "scaled" } },
        spec: { containers: [{ name: "web", image: "example.test/web" }] },
      },
    },
  };
  const sets = "/apis/apps/v1/namespaces/default/statefulsets";
  const made = await to.request("POST", `${sets}?fieldManager=contract`, { body });
  return [
    { status: made.status, body: {} },
    await to.request("GET", `${sets}/scaled/scale`),
    await to.request("PATCH", `${sets}/scaled/scale?dryRun=All`, {
      body: { spec: { replicas: 2 } },
      type: "application/merge-patch+json",
    }),
    await to.request("GET", `${deployments}/scaled/scale`),
  ];
});

clause("The four forms of a patch", [201, 200, 200, 200, 422, 422, 404], async (to) => {
  const patch = (type: string, body: unknown) =>
    to.request("PATCH", `${maps}/patched?fieldManager=contract`, { body, type: `application/${type}` });
  return [
    await to.request("POST", `${maps}?fieldManager=contract`, {
      body: { ...map("patched", { a: "1" }), data: { key: "1" } },
    }),
    await patch("merge-patch+json", { data: { key: "2", more: "1" } }),
    await patch("json-patch+json", [
      { op: "test", path: "/data/key", value: "2" },
      { op: "replace", path: "/data/key", value: "3" },
      { op: "remove", path: "/data/more" },
    ]),
    await patch("strategic-merge-patch+json", { data: { key: null, other: "1" } }),
    await patch("json-patch+json", [{ op: "test", path: "/data/other", value: "9" }]),
    await patch("json-patch+json", [{ op: "remove", path: "/data/nothing" }]),
    await to.request("PATCH", `${maps}/nowhere`, { body: {}, type: "application/merge-patch+json" }),
  ];
});

clause("Unknown fields are warned of where they are not refused", [201, 201, 200], async (to) => [
  await to.request("POST", `${maps}?dryRun=All&fieldManager=contract`, {
    body: { ...map("warned", {}), dta: {}, metadata: { name: "warned", lables: {} } },
  }),
  await to.request("POST", `${maps}?dryRun=All&fieldManager=contract&fieldValidation=Ignore`, {
    body: { ...map("warned", {}), dta: {} },
  }),
  await to
    .request("PATCH", `${maps}/kube-root-ca.crt?dryRun=All&fieldManager=contract&fieldValidation=Warn`, {
      body: { dta: {} },
      type: "application/merge-patch+json",
    })
    .then(({ status, warnings }) => ({ status, body: {}, ...(warnings === undefined ? {} : { warnings }) })),
]);
