/**
 * Makes charts available on this machine: from the mirror, from the cache, or from the upstream repository, in that
 * order. What comes from upstream is held to `provision.lock`; a folder of the user's own is taken as it is.
 */
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readFile, rename, rm, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import type { HelmProgram } from "../clients/helm/client.ts";
import { helmProgram } from "../clients/helm/helm.ts";
import type { ClientKey, Environment } from "../step/context.ts";
import { Failure } from "../step/failure.ts";
import { type ChartCrds, readCrds } from "./crds.ts";
import { digestOf, digestOfFolder } from "./digest.ts";
import { holdToLock, lockedDigest, readLock, withDigest, writeLock } from "./lock.ts";
import { lookUp, openEntry, otherVersion, readMirror } from "./mirror.ts";
import { type ChartSource, chartTitle, type LocalChart, type RepositoryChart } from "./source.ts";

export interface ChartStore {
  /** The chart, fetched now if need be. Throws a Failure where it can't be had or is not the one that was locked. */
  obtain(
    chart: ChartSource,
    options: { readonly signal: AbortSignal; readonly notice: (message: string) => void },
  ): Promise<LocalChart>;
  /** The chart as far as it is on this machine; nothing is fetched and nothing written. */
  find(chart: ChartSource): Promise<LocalChart | undefined>;
  /** What is in its `crds` folder. */
  crds(chart: LocalChart): Promise<ChartCrds>;
}

export const charts: ClientKey<ChartStore> = {
  name: "charts",
  open: async (environment, use) =>
    chartStore({
      directory: environment.directory,
      mirror: environment.chartMirror,
      cache: cacheFolder(environment.variables),
      sandbox: environment.sandbox,
      program: () => use(helmProgram),
    }),
};

/** Where this user's cache is: `PROVISION_CACHE`, else by the platform's custom. */
export const cacheFolder = (variables: Environment["variables"]): string =>
  variables.PROVISION_CACHE ||
  join(variables.XDG_CACHE_HOME || variables.LOCALAPPDATA || join(homedir(), ".cache"), "provision");

export interface StoreSettings {
  /** Folder of the pipeline, of its lock and of chart folders. */
  readonly directory: string;
  readonly mirror: string | undefined;
  readonly cache: string;
  readonly sandbox: boolean;
  readonly program: () => Promise<Pick<HelmProgram, "pull">>;
}

export const chartStore = (settings: StoreSettings): ChartStore => {
  /** Fetches and lock entries, one after another: two steps may want the same chart at the same time. */
  let queue: Promise<unknown> = Promise.resolve();
  const inTurn = <Result>(work: () => Promise<Result>): Promise<Result> => {
    const result = queue.then(work);
    queue = result.catch(() => undefined);
    return result;
  };

  const fromMirror = async (
    chart: RepositoryChart,
    mismatch: (failure: Failure) => void,
  ): Promise<LocalChart | undefined> => {
    if (settings.mirror === undefined) return undefined;
    const answer = lookUp(await readMirror(settings.mirror), chart);
    switch (answer.kind) {
      case "none":
        return undefined;
      case "other-version":
        mismatch(otherVersion(settings.mirror, chart, answer.entry));
        return settings.sandbox ? openEntry(settings.mirror, answer.entry) : undefined;
      case "found":
        return openEntry(settings.mirror, answer.entry);
    }
  };

  const fromCache = async (chart: RepositoryChart): Promise<LocalChart | undefined> => {
    const path = cachedPath(settings.cache, chart);
    const content = await readFile(path).catch(() => undefined);
    return content && { ...chart, path, digest: digestOf(content), from: "cache" };
  };

  const fromUpstream = async (chart: RepositoryChart, signal: AbortSignal): Promise<LocalChart> => {
    const program = await settings.program();
    const path = cachedPath(settings.cache, chart);
    await mkdir(dirname(path), { recursive: true });
    const folder = await mkdtemp(`${path}.`);
    try {
      const { repository, name, version } = chart;
      const pulled = await program.pull({ repository, chart: name, version, folder, signal });
      const digest = digestOf(await readFile(pulled));
      holdToLock(await readLock(settings.directory), chart, digest);
      await rename(pulled, path);
      return { path, name, version, digest, from: "upstream" };
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  };

  const locked = async (chart: RepositoryChart, local: LocalChart): Promise<LocalChart> => {
    const lock = await readLock(settings.directory);
    holdToLock(lock, chart, local.digest);
    if (lockedDigest(lock, chart) === undefined)
      await writeLock(settings.directory, withDigest(lock, chart, local.digest));
    return local;
  };

  return {
    crds: ({ path }) => readCrds(path),
    obtain: (chart, { signal, notice }) => {
      if (chart.kind === "folder") return openFolder(settings.directory, chart.path);
      return inTurn(async () => {
        const mirrored = await fromMirror(chart, (failure) => {
          if (!settings.sandbox) throw failure;
          notice(failure.message);
        });
        if (mirrored) return mirrored;
        return locked(chart, (await fromCache(chart)) ?? (await fromUpstream(chart, signal)));
      });
    },
    find: async (chart) => {
      if (chart.kind === "folder") return openFolder(settings.directory, chart.path);
      const mirrored = await fromMirror(chart, () => undefined);
      if (mirrored) return mirrored;
      const cached = await fromCache(chart);
      if (!cached) return undefined;
      const digest = lockedDigest(await readLock(settings.directory), chart);
      return digest === undefined || digest === cached.digest ? cached : undefined;
    },
  };
};

/** One folder for each repository, since two of them may have a chart of the same name. */
const cachedPath = (cache: string, { repository, name, version }: RepositoryChart): string =>
  join(
    cache,
    "charts",
    createHash("sha256").update(repository).digest("hex").slice(0, 16),
    `${name}-${version}.tgz`,
  );

const chartFileSchema = z.looseObject({ name: z.string(), version: z.string() });

const openFolder = async (directory: string, path: string): Promise<LocalChart> => {
  const folder = resolve(directory, path);
  const found = await stat(join(folder, "Chart.yaml")).catch(() => undefined);
  if (!found)
    throw new Failure({
      kind: "not-found",
      code: "P0765",
      message: `${chartTitle({ kind: "folder", path })} is no chart: ${join(folder, "Chart.yaml")} does not exist`,
      hint: "paths of charts start at the pipeline's folder",
    });
  const chart: unknown = parse(await readFile(join(folder, "Chart.yaml"), "utf8"));
  const { name, version } = chartFileSchema.parse(chart);
  return { path: folder, name, version, digest: await digestOfFolder(folder), from: "folder" };
};
