/**
 * `provision.lock`, beside the pipeline: the digest that an upstream repository gave for a chart the first time. A
 * different one later means that somebody changed what was published, and is refused.
 */
import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { z } from "zod";
import { Failure } from "../step/failure.ts";
import { chartTitle, type RepositoryChart } from "./source.ts";

export const lockFile = "provision.lock";

const lockSchema = z.strictObject({
  version: z.literal(1),
  /** Repository and name → version → `sha256:<hex>`. */
  charts: z.record(z.string(), z.record(z.string(), z.string().regex(/^sha256:[0-9a-f]{64}$/))),
});

export type ChartLock = z.output<typeof lockSchema>;

const comment = `# The digest of each chart as its repository gave it first. Commit this file; provision refuses another digest.\n`;

const keyOf = ({ repository, name }: RepositoryChart): string => `${repository}/${name}`;

/** The digest locked for a chart; undefined for one that was never fetched. */
export const lockedDigest = (lock: ChartLock, chart: RepositoryChart): string | undefined =>
  lock.charts[keyOf(chart)]?.[chart.version];

/** The lock with one more digest, its entries in order. */
export const withDigest = (lock: ChartLock, chart: RepositoryChart, digest: string): ChartLock => {
  const versions = { ...lock.charts[keyOf(chart)], [chart.version]: digest };
  return { version: 1, charts: sorted({ ...lock.charts, [keyOf(chart)]: sorted(versions) }) };
};

const sorted = <Item>(items: Readonly<Record<string, Item>>): Record<string, Item> =>
  Object.fromEntries(Object.entries(items).toSorted(([a], [b]) => (a < b ? -1 : 1)));

export const formatLock = (lock: ChartLock): string => comment + stringify(lock, { lineWidth: 0 });

export const parseLock = (text: string): ChartLock => lockSchema.parse(parse(text));

/** Refuses a chart whose digest is not the locked one. */
export const holdToLock = (lock: ChartLock, chart: RepositoryChart, digest: string): void => {
  const locked = lockedDigest(lock, chart);
  if (locked === undefined || locked === digest) return;
  throw new Failure({
    kind: "rejected",
    code: "P0761",
    message: `${chartTitle(chart)} has the digest ${digest}, but ${lockFile} holds ${locked}: what its repository publishes was changed`,
    hint: `find out why, and remove the entry from ${lockFile} only if the change is meant`,
    resource: keyOf(chart),
  });
};

/** The lock of a folder; an empty one where there is no file. Throws where the file is not one. */
export const readLock = async (directory: string): Promise<ChartLock> => {
  const path = join(directory, lockFile);
  const text = await readFile(path, "utf8").catch(() => undefined);
  if (text === undefined) return { version: 1, charts: {} };
  try {
    return parseLock(text);
  } catch (error) {
    throw new Failure(
      {
        kind: "rejected",
        code: "P0764",
        message: `${path} can't be read as a chart lock`,
        hint: "restore it from git; provision writes it and nobody else",
      },
      { cause: error },
    );
  }
};

/** Replaces the file as a whole, so that a killed run leaves the old or the new one. */
export const writeLock = async (directory: string, lock: ChartLock): Promise<void> => {
  const path = join(directory, lockFile);
  const partial = `${path}.${process.pid}.partial`;
  try {
    await writeFile(partial, formatLock(lock));
    await rename(partial, path);
  } finally {
    await rm(partial, { force: true });
  }
};
