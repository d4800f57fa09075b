/** Discovery: which groups, versions and resources there are, in the old form and the aggregated one. */
import type { JsonObject } from "../json.ts";
import type { Kind } from "../kinds/kind.ts";

const verbs = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];

/** The newest version first, as `version.CompareKubeAwareVersionStrings` orders them: v2, v1, v1beta2, v1alpha1. */
const rank = (version: string): readonly [number, number, number] => {
  const found = /^v(\d+)(?:(alpha|beta)(\d+))?$/.exec(version);
  if (!found) return [0, 0, 0];
  const [, major = "0", stage, minor = "0"] = found;
  return [stage === undefined ? 3 : stage === "beta" ? 2 : 1, Number(major), Number(minor)];
};
const newestFirst = (a: string, b: string): number => {
  const [stageA, majorA, minorA] = rank(a);
  const [stageB, majorB, minorB] = rank(b);
  return stageB - stageA || majorB - majorA || minorB - minorA || a.localeCompare(b);
};

/** The order in which the server tells its own groups; those of definitions follow by name. */
const order = [
  "",
  "apiregistration.k8s.io",
  "apps",
  "events.k8s.io",
  "authentication.k8s.io",
  "authorization.k8s.io",
  "autoscaling",
  "batch",
  "networking.k8s.io",
  "policy",
  "rbac.authorization.k8s.io",
  "storage.k8s.io",
  "admissionregistration.k8s.io",
  "apiextensions.k8s.io",
  "scheduling.k8s.io",
  "coordination.k8s.io",
  "discovery.k8s.io",
];
const placeOf = (group: string): number => {
  const place = order.indexOf(group);
  return place < 0 ? order.length : place;
};

interface Group {
  readonly name: string;
  readonly versions: readonly string[];
}

export const groupsOf = (kinds: readonly Kind[]): Group[] => {
  const groups = new Map<string, Set<string>>();
  for (const kind of kinds) groups.set(kind.group, (groups.get(kind.group) ?? new Set()).add(kind.version));
  return [...groups]
    .map(([name, versions]) => ({ name, versions: [...versions].sort(newestFirst) }))
    .sort((a, b) => placeOf(a.name) - placeOf(b.name) || (a.name < b.name ? -1 : 1));
};

const apiVersion = (group: string, version: string): string => (group ? `${group}/${version}` : version);

const groupObject = ({ name, versions }: Group): JsonObject => {
  const entries = versions.map((version) => ({ groupVersion: apiVersion(name, version), version }));
  return { name, versions: entries, ...(entries[0] ? { preferredVersion: entries[0] } : {}) };
};

export const groupList = (kinds: readonly Kind[]): JsonObject => ({
  kind: "APIGroupList",
  apiVersion: "v1",
  groups: groupsOf(kinds)
    .filter((group) => group.name !== "")
    .map(groupObject),
});

export const oneGroup = (kinds: readonly Kind[], name: string): JsonObject | undefined => {
  const group = groupsOf(kinds).find((entry) => entry.name === name);
  return group && { kind: "APIGroup", apiVersion: "v1", ...groupObject(group) };
};

export const coreVersions: JsonObject = {
  kind: "APIVersions",
  versions: ["v1"],
  serverAddressByClientCIDRs: [],
};

interface Subresource {
  readonly name: string;
  readonly kind: string;
  readonly group: string;
  readonly version: string;
  readonly verbs: readonly string[];
}

const subresourcesOf = (kind: Kind): Subresource[] => {
  const own = { kind: kind.kind, group: kind.group, version: kind.version };
  const write = ["get", "patch", "update"];
  const found: Subresource[] = [
    ...(kind.status ? [{ ...own, name: "status", verbs: write }] : []),
    ...(kind.scale
      ? [{ name: "scale", kind: "Scale", group: "autoscaling", version: "v1", verbs: write }]
      : []),
    ...(kind.kind === "Pod" ? [{ ...own, name: "log", verbs: ["get"] }] : []),
    ...(kind.kind === "Namespace" ? [{ ...own, name: "finalize", verbs: ["update"] }] : []),
    ...(kind.kind === "ServiceAccount"
      ? [
          {
            name: "token",
            kind: "TokenRequest",
            group: "authentication.k8s.io",
            version: "v1",
            verbs: ["create"],
          },
        ]
      : []),
  ];
  return found.sort((a, b) => (a.name < b.name ? -1 : 1));
};

/** Namespaces are deleted one at a time, since each takes what is in it along. */
const verbsOf = (kind: Kind): string[] => {
  if (kind.virtual) return ["create"];
  return kind.kind === "Namespace" ? verbs.filter((verb) => verb !== "deletecollection") : verbs;
};

const kindsIn = (kinds: readonly Kind[], group: string, version: string): Kind[] =>
  kinds
    .filter((kind) => kind.group === group && kind.version === version)
    .sort((a, b) => (a.plural < b.plural ? -1 : 1));

/** `/api/v1`, `/apis/apps/v1`. `undefined` when nothing is served there. */
export const resourceList = (
  kinds: readonly Kind[],
  group: string,
  version: string,
): JsonObject | undefined => {
  const found = kindsIn(kinds, group, version);
  if (found.length === 0) return undefined;
  const resources = found.flatMap((kind): JsonObject[] => [
    {
      name: kind.plural,
      singularName: kind.singular,
      namespaced: kind.namespaced,
      kind: kind.kind,
      verbs: verbsOf(kind),
      ...(kind.shortNames.length > 0 ? { shortNames: [...kind.shortNames] } : {}),
      ...(kind.categories.length > 0 ? { categories: [...kind.categories] } : {}),
    },
    ...subresourcesOf(kind).map((sub) => ({
      name: `${kind.plural}/${sub.name}`,
      singularName: "",
      namespaced: kind.namespaced,
      kind: sub.kind,
      ...(sub.group === kind.group && sub.version === kind.version
        ? {}
        : { group: sub.group, version: sub.version }),
      verbs: [...sub.verbs],
    })),
  ]);
  // The oldest of these documents says no version of its own.
  const own = group === "" ? {} : { apiVersion: "v1" };
  return { kind: "APIResourceList", ...own, groupVersion: apiVersion(group, version), resources };
};

export const aggregatedType = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

/** Built-in kinds leave out of the document what the group and version around them say already. */
const responseKind = (
  kind: Kind,
  { group, version, kind: name }: Pick<Kind, "group" | "version" | "kind">,
) =>
  !kind.custom && group === kind.group && version === kind.version
    ? { group: "", version: "", kind: name }
    : { group, version, kind: name };

const aggregatedResource = (kind: Kind): JsonObject => {
  const subresources = subresourcesOf(kind).map((sub) => ({
    subresource: sub.name,
    responseKind: responseKind(kind, sub),
    verbs: [...sub.verbs],
  }));
  return {
    resource: kind.plural,
    responseKind: responseKind(kind, kind),
    scope: kind.namespaced ? "Namespaced" : "Cluster",
    singularResource: kind.singular,
    verbs: verbsOf(kind),
    ...(kind.shortNames.length > 0 ? { shortNames: [...kind.shortNames] } : {}),
    ...(kind.categories.length > 0 ? { categories: [...kind.categories] } : {}),
    ...(subresources.length > 0 ? { subresources } : {}),
  };
};

/** `/api` (core only) or `/apis` (all but core) in one document. */
export const aggregated = (kinds: readonly Kind[], core: boolean): JsonObject => ({
  kind: "APIGroupDiscoveryList",
  apiVersion: "apidiscovery.k8s.io/v2",
  metadata: {},
  items: groupsOf(kinds)
    .filter((group) => (group.name === "") === core)
    .map(({ name, versions }) => ({
      metadata: name === "" ? {} : { name },
      versions: versions.map((version) => ({
        version,
        resources: kindsIn(kinds, name, version).map(aggregatedResource),
        freshness: "Current",
      })),
    })),
});
