/**
 * The index of a Helm repository on disk (`index.yaml`): which charts a mirror has, and the digest of each package.
 * Format: https://helm.sh/docs/topics/chart_repository/#the-index-file.
 */
import { parse, stringify } from "yaml";
import { z } from "zod";

const entrySchema = z.looseObject({
  apiVersion: z.string(),
  name: z.string(),
  version: z.string(),
  /** Hex of the package's SHA-256, without a prefix. */
  digest: z.string().optional(),
  urls: z.array(z.string()).default([]),
});

const indexSchema = z.looseObject({
  apiVersion: z.literal("v1"),
  entries: z.record(z.string(), z.array(entrySchema)),
});

export type IndexEntry = z.output<typeof entrySchema>;

/** All entries of all charts. Throws where the text is no index. */
export const parseIndex = (text: string): readonly IndexEntry[] =>
  Object.values(indexSchema.parse(parse(text)).entries).flat();

/** The same text for the same entries, in whatever order they come: nothing in it is a time. */
export const formatIndex = (entries: readonly IndexEntry[]): string => {
  const byName: Record<string, IndexEntry[]> = {};
  for (const entry of entries.toSorted(order)) {
    byName[entry.name] ??= [];
    byName[entry.name]?.push(entry);
  }
  return stringify({ apiVersion: "v1", entries: byName });
};

const order = (a: IndexEntry, b: IndexEntry): number =>
  a.name === b.name ? compareText(a.version, b.version) : compareText(a.name, b.name);

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
