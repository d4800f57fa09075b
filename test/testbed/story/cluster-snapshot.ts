/** Every object of every kind that a cluster serves, as far as it is anybody's wish: without status and versions. */
import { z } from "zod";

export type Kubectl = (words: readonly string[], input?: string) => Promise<string>;

const objectSchema = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({
    name: z.string(),
    namespace: z.string().optional(),
    labels: z.record(z.string(), z.string()).optional(),
    annotations: z.record(z.string(), z.string()).optional(),
    finalizers: z.array(z.string()).optional(),
    deletionTimestamp: z.string().optional(),
  }),
  status: z.unknown().optional(),
});

const listSchema = z.looseObject({ items: z.array(objectSchema) });

/** A record of the past, which the API server forgets by itself. */
const records = ["events", "events.events.k8s.io"];

/** What is in a Lease beside its name is a heartbeat, whoever's it is. */
const heartbeats = new Set(["Lease"]);

/** By `v1 Secret web/token`. */
export type Snapshot = Readonly<Record<string, unknown>>;

export const snapshot = async (kubectl: Kubectl): Promise<Snapshot> => {
  const served = (await kubectl(["api-resources", "--verbs=list", "--output=name"])).split("\n");
  const kinds = served.filter((kind) => kind !== "" && !records.includes(kind));
  const text = await kubectl(["get", kinds.join(","), "--all-namespaces", "--output=json"]);
  const entries = listSchema.parse(JSON.parse(text)).items.map(({ metadata, status: _, ...rest }) => {
    const { name, namespace, labels, annotations, finalizers, deletionTimestamp } = metadata;
    const title = `${rest.apiVersion} ${rest.kind} ${namespace === undefined ? "" : `${namespace}/`}${name}`;
    const wishes = { ...rest, metadata: { labels, annotations, finalizers, deletionTimestamp } };
    return [title, heartbeats.has(rest.kind) ? "there" : wishes] as const;
  });
  return Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)));
};

/** One line for each object that one of the two has and the other has not, or that differs. */
export const differences = (before: Snapshot, after: Snapshot): readonly string[] =>
  [...new Set([...Object.keys(before), ...Object.keys(after)])].toSorted().flatMap((title) => {
    const [was, is] = [JSON.stringify(before[title]), JSON.stringify(after[title])];
    if (was === is) return [];
    if (was === undefined) return [`+ ${title}`];
    return is === undefined ? [`- ${title}`] : [`~ ${title}: ${was} -> ${is}`];
  });
