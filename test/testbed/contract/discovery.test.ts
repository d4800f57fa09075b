/** Contract: which groups, versions and kinds there are. The sandbox serves some of them, and those as the server does. */
import { z } from "zod";
import { builtInKinds } from "../../../src/sandbox/kubernetes/kinds/built-in.ts";
import { contract } from "./suite.ts";

const { clause } = contract();

/** `status` of pods, but not `exec`: what clients of ours ask for. */
const subresources = new Set(["status", "scale", "token", "log", "finalize"]);

const resource = z.looseObject({
  name: z.string(),
  verbs: z.array(z.string()).transform((verbs) => verbs.toSorted()),
  storageVersionHash: z.string().optional(),
});

const resourceList = z.looseObject({ resources: z.array(resource) });

const isServed = (apiVersion: string, name: string): boolean => {
  const [plural, subresource] = name.split("/");
  const found = builtInKinds.some((kind) => kind.apiVersion === apiVersion && kind.plural === plural);
  return found && (subresource === undefined || subresources.has(subresource));
};

for (const apiVersion of new Set(builtInKinds.map((kind) => kind.apiVersion))) {
  clause(`Discovery of ${apiVersion} tells names, verbs, short names and subresources`, [200], async (to) => {
    const path = apiVersion === "v1" ? "/api/v1" : `/apis/${apiVersion}`;
    const { status, body } = await to.request("GET", path);
    const { resources, ...list } = resourceList.parse(body);
    const served = resources
      .filter(({ name }) => isServed(apiVersion, name))
      .map(({ storageVersionHash: _hash, ...rest }) => rest);
    return [{ status, body: { ...list, served } }];
  });
}

const groups = z.looseObject({
  groups: z.array(z.looseObject({ name: z.string(), preferredVersion: z.unknown() })),
});

clause("Groups come in the server's order, which decides between kinds of one name", [200], async (to) => {
  const { status, body } = await to.request("GET", "/apis");
  const names = new Set(builtInKinds.map((kind) => kind.group));
  const known = groups.parse(body).groups.filter(({ name }) => names.has(name));
  return [{ status, body: known.map(({ name, preferredVersion }) => ({ name, preferredVersion })) }];
});

const aggregated = z.looseObject({
  items: z.array(
    z.looseObject({
      metadata: z.looseObject({ name: z.string().optional() }),
      versions: z.array(
        z.looseObject({
          version: z.string(),
          resources: z.array(
            z.looseObject({
              resource: z.string(),
              verbs: z.array(z.string()).transform((verbs) => verbs.toSorted()),
              subresources: z.array(z.looseObject({ subresource: z.string() })).optional(),
            }),
          ),
        }),
      ),
    }),
  ),
});

const accept = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json";

clause("The aggregated form tells all of it in two documents", [200, 200], async (to) => {
  const documents = await Promise.all(["/api", "/apis"].map((path) => to.request("GET", path, { accept })));
  return documents.map(({ status, body }) => {
    const { items, ...document } = aggregated.parse(body);
    const groupsOfOurs = items.map(({ metadata, versions }) => ({
      metadata,
      versions: versions
        .map(({ version, resources, ...rest }) => {
          const apiVersion = metadata.name === undefined ? version : `${metadata.name}/${version}`;
          const served = resources
            .filter((one) => isServed(apiVersion, one.resource))
            .map((one) => ({
              ...one,
              subresources: one.subresources?.filter(({ subresource }) => subresources.has(subresource)),
            }));
          return { ...rest, version, served };
        })
        .filter(({ served }) => served.length > 0),
    }));
    return {
      status,
      body: { ...document, groups: groupsOfOurs.filter(({ versions }) => versions.length > 0) },
    };
  });
});

clause("The version is one that clients and charts can compare", [200], async (to) => {
  const { status, body } = await to.request("GET", "/version");
  const { major, minor, gitVersion, platform, ...rest } = z.looseObject({}).parse(body);
  const compatibility = Object.fromEntries(Object.entries(rest).filter(([key]) => /M(aj|in)or$/.test(key)));
  return [{ status, body: { major, minor, gitVersion, platform, compatibility } }];
});

clause("Health is told in plain text, and needs no object", [200, 200, 200], async (to) => [
  await to.request("GET", "/healthz"),
  await to.request("GET", "/livez"),
  await to.request("GET", "/readyz"),
]);

clause(
  "What nobody serves is not found: a Status in groups of the server's own, plain text elsewhere",
  [404, 404, 404, 404, 404, 404, 404, 405, 405],
  async (to) => [
    await to.request("GET", "/apis/nobody.example/v1/things"),
    await to.request("GET", "/apis/nobody.example"),
    await to.request("GET", "/nothing"),
    await to.request("GET", "/api/v1/nothings"),
    await to.request("GET", "/apis/apps/v9/deployments"),
    await to.request("GET", "/api/v1/namespaces/default/nodes"),
    await to.request("GET", "/api/v1/configmaps/x"),
    await to.request("POST", "/api/v1/configmaps", { body: {} }),
    await to.request("PUT", "/api/v1/namespaces/default/configmaps", { body: {} }),
  ],
);
