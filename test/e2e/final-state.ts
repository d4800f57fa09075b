/**
 * All that is in a sandbox's clouds, as text that is the same for two runs that did the same: without what is given
 * anew each time (ids, addresses, times, keys) and without what controllers make of our objects (pods, events).
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { comparableObjects, listSchema } from "../testbed/story/comparable-objects.ts";

const armSchema = z.looseObject({
  groups: z.record(z.string(), z.looseObject({})),
  resources: z.record(z.string(), z.looseObject({ id: z.string(), body: z.looseObject({}) })),
});
const kubernetesSchema = z.looseObject({
  clusters: z.record(z.string(), z.looseObject({ objects: z.record(z.string(), z.looseObject({})) })),
});
const secretSchema = z.looseObject({
  data: z.union([z.record(z.string(), z.string()), z.array(z.string())]).optional(),
});
const otherSchema = z.looseObject({});

/** Kinds that controllers make, and names that they choose. */
const derived = new Set(["Pod", "ReplicaSet", "Event", "Endpoints", "EndpointSlice", "Lease", "Node"]);

/** Given by a service, anew for each cloud: in texts of any depth. */
const given: readonly [pattern: RegExp, stand: string][] = [
  [/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi, "ID"],
  [/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "TIME"],
  [/\b(\d{1,3}\.){3}\d{1,3}\b/g, "ADDRESS"],
  [/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g, "CERTIFICATE"],
  [/ssh-ed25519 \S+/g, "KEY"],
  [/\b[0-9a-f]{32}\b/g, "ZONE"],
  // The Secret's resourceVersion, in the manifest of the release that uses it.
  [/(?<=provision\.dev\/token-version: ")\d+/g, "VERSION"],
  // Names that follow from those ids.
  [/(?<=provision-(probe|set-\w+)-)[0-9a-f]{8}/g, "HASH"],
  [/(?<=aks-(system|agentpool|vnet)-)\d{8}/g, "NUMBER"],
  [/(?<=clu-demo-)[0-9a-f]{8}(?=\.)/g, "HASH"],
];

const volatile = new Set([
  "createdAt",
  "startedAt",
  "endedAt",
  "etag",
  "eTag",
  "resourceUID",
  "tokens",
  "provision.dev/token-version",
]);

const steady = (value: unknown): unknown => {
  if (typeof value === "string")
    return given.reduce((text, [pattern, stand]) => text.replace(pattern, stand), value);
  if (Array.isArray(value)) return value.map(steady);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, one]) =>
      volatile.has(name) ? [] : [[String(steady(name)), steady(one)]],
    ),
  );
};

/** Keys and tokens are made anew; that they are there is what can be the same. */
const withoutTexts = (secret: unknown): unknown => {
  const { data, ...rest } = secretSchema.parse(secret);
  return { ...rest, data: Array.isArray(data) ? data : Object.keys(data ?? {}) };
};

const stateIn = async (folder: string, name: string): Promise<unknown> =>
  JSON.parse(await readFile(join(folder, `${name}.json`), "utf8"));

/** `folder`: of a sandbox that was stopped, so that all of its state is on disk. One entry for each thing. */
export const finalState = async (folder: string): Promise<Readonly<Record<string, unknown>>> => {
  const arm = armSchema.parse(await stateIn(folder, "arm"));
  const { clusters } = kubernetesSchema.parse(await stateIn(folder, "kubernetes"));
  const entries: [string, unknown][] = [
    ...Object.entries(arm.groups),
    ...Object.values(arm.resources).map(({ id, body }): [string, unknown] => [id, body]),
    ...Object.entries(clusters).flatMap(([cluster, { objects }]) => {
      const { items } = listSchema.parse({ items: Object.values(objects) });
      const ours = items.filter(({ kind }) => !derived.has(kind));
      const comparable = Object.entries(comparableObjects(ours, "no such instance"));
      return comparable.map(([name, object]): [string, unknown] => [
        `${cluster} ${name}`,
        name.startsWith("Secret ") ? withoutTexts(object) : object,
      ]);
    }),
    ...Object.entries(otherSchema.parse(await stateIn(folder, "cloudflare"))),
    ...Object.entries(otherSchema.parse(await stateIn(folder, "github"))),
  ];
  return z
    .record(z.string(), z.unknown())
    .parse(steady(Object.fromEntries(entries.filter(([name]) => !volatile.has(name)))));
};
