/** A chart mirror: a Helm repository on disk, whose index holds the digests that its packages are held to. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Failure } from "../step/failure.ts";
import { digestOf } from "./digest.ts";
import { type IndexEntry, parseIndex } from "./repository-index.ts";
import { chartTitle, type LocalChart, type RepositoryChart } from "./source.ts";

export type MirrorAnswer =
  | { readonly kind: "found"; readonly entry: IndexEntry }
  /** The mirror has the chart, but not at this version. */
  | { readonly kind: "other-version"; readonly entry: IndexEntry }
  | { readonly kind: "none" };

/** What a mirror's index has for a chart. Of several other versions the last in the index is taken. Pure. */
export const lookUp = (entries: readonly IndexEntry[], chart: RepositoryChart): MirrorAnswer => {
  const named = entries.filter(({ name }) => name === chart.name);
  const exact = named.find(({ version }) => version === chart.version);
  if (exact) return { kind: "found", entry: exact };
  const other = named.at(-1);
  return other ? { kind: "other-version", entry: other } : { kind: "none" };
};

/** All entries of a mirror folder. Throws a Failure where it has no readable index. */
export const readMirror = async (folder: string): Promise<readonly IndexEntry[]> => {
  const path = join(folder, "index.yaml");
  try {
    return parseIndex(await readFile(path, "utf8"));
  } catch (error) {
    throw new Failure(
      {
        kind: "missing-tool",
        code: "P0766",
        message: `the chart mirror ${folder} has no index.yaml that can be read`,
        hint: "prepare one with `npm run charts`, or with `helm repo index` over a folder of chart packages",
      },
      { cause: error },
    );
  }
};

/** The package of an entry, held to the mirror's own digest. */
export const openEntry = async (folder: string, entry: IndexEntry): Promise<LocalChart> => {
  const path = join(folder, entry.urls[0] ?? `${entry.name}-${entry.version}.tgz`);
  const content = await readFile(path).catch(() => undefined);
  const digest = content && digestOf(content);
  if (digest !== undefined && (entry.digest === undefined || digest === `sha256:${entry.digest}`))
    return { path, name: entry.name, version: entry.version, digest, from: "mirror" };
  throw new Failure({
    kind: "rejected",
    code: "P0762",
    message: digest
      ? `${path} has the digest ${digest}, but the mirror's index holds sha256:${entry.digest}`
      : `${path} is in the mirror's index, but not in its folder`,
    hint: "prepare the mirror again with `npm run charts`",
  });
};

/** The error outside the sandbox, and the notice in it. */
export const otherVersion = (folder: string, chart: RepositoryChart, entry: IndexEntry): Failure =>
  new Failure({
    kind: "rejected",
    code: "P0760",
    message: `${chartTitle(chart)} is wanted, but the chart mirror ${folder} has ${entry.name} ${entry.version}`,
    hint: `put ${chart.name}-${chart.version}.tgz into the mirror, or set the step's chart version to ${entry.version}`,
  });
