/**
 * The mirror: a Helm repository on disk that product and tests take charts from without a network. Its index holds
 * the digest of each package, which is the mirror's own wherever it was packed here.
 */
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { parse } from "yaml";
import { z } from "zod";
import { digestOf } from "../../src/charts/digest.ts";
import { formatIndex, type IndexEntry, parseIndex } from "../../src/charts/repository-index.ts";
import type { Pin } from "./catalogue.ts";
import { chartFromModule, type PackedChart, readSupplied } from "./modules.ts";

export interface MirrorOptions {
  /** The mirror folder. */
  readonly folder: string;
  readonly helm: string;
  /** Folder of packages that somebody supplies: `<name>-<version>.tgz`. */
  readonly supplied?: string | undefined;
}

const originAnnotation = "provision.dev/origin";

/** The entry of a pin's chart in the mirror, added now unless the pinned version is there already. */
export const ensureChart = async (pin: Pin, options: MirrorOptions): Promise<IndexEntry> => {
  const present = (await readIndex(options.folder)).find(
    (entry) => entry.name === pin.chart && entry.version === pin.version,
  );
  if (present && (await isWhole(options.folder, present))) return present;
  const { content, origin } = await obtain(pin, options);
  const chart = await metadataOf(content, pin.chart);
  const file = `${pin.chart}-${chart.version}.tgz`;
  await writeAtomically(join(options.folder, file), content);
  return {
    ...chart,
    annotations: { ...chart.annotations, [originAnnotation]: origin },
    digest: digestOf(content).slice("sha256:".length),
    urls: [file],
  };
};

/** Writes the index of these entries and removes packages that it no longer names. */
export const writeIndex = async (folder: string, entries: readonly IndexEntry[]): Promise<void> => {
  await writeAtomically(join(folder, "index.yaml"), formatIndex(entries));
  const named = new Set(entries.flatMap(({ urls }) => urls));
  for (const file of await readdir(folder)) {
    if (file.endsWith(".tgz") && !named.has(file)) await rm(join(folder, file));
  }
};

const readIndex = async (folder: string): Promise<readonly IndexEntry[]> => {
  await mkdir(folder, { recursive: true });
  const text = await readFile(join(folder, "index.yaml"), "utf8").catch(() => undefined);
  return text === undefined ? [] : parseIndex(text);
};

const isWhole = async (folder: string, entry: IndexEntry): Promise<boolean> => {
  const content = await readFile(join(folder, entry.urls[0] ?? "")).catch(() => undefined);
  return content !== undefined && digestOf(content) === `sha256:${entry.digest}`;
};

/** First what somebody supplies, then the upstream repository, then the Go module. */
const obtain = async (pin: Pin, options: MirrorOptions): Promise<PackedChart> => {
  const { supplied } = options;
  const ways = [
    ...(supplied === undefined ? [] : [() => readSupplied(supplied, pin.chart, pin.version)]),
    () => pull(pin, options.helm),
    () => chartFromModule(pin.chart),
  ];
  const problems: string[] = [];
  for (const way of ways) {
    try {
      return await way();
    } catch (error) {
      problems.push(`  ${error instanceof Error ? error.message.split("\n")[0] : String(error)}`);
    }
  }
  throw new Error(
    [
      `the chart ${pin.chart} ${pin.version} can't be had:`,
      ...problems,
      `Supply it: put ${pin.chart}-${pin.version}.tgz (from ${pin.repository}) into a folder and name that with`,
      "--charts FOLDER or PROVISION_CHARTS.",
    ].join("\n"),
  );
};

const pull = async (pin: Pin, helm: string): Promise<PackedChart> => {
  const folder = await mkdtemp(join(tmpdir(), "provision-charts-"));
  const reference = pin.repository.startsWith("oci://")
    ? [`${pin.repository}/${pin.chart}`]
    : [pin.chart, "--repo", pin.repository];
  const homes = Object.fromEntries(
    ["CONFIG", "CACHE", "DATA"].map((home) => [`HELM_${home}_HOME`, join(folder, home)]),
  );
  try {
    const { exitCode, stderr } = await execa(
      helm,
      ["pull", ...reference, "--version", pin.version, "--destination", folder],
      { env: homes, timeout: 60_000, reject: false },
    );
    if (exitCode !== 0) throw new Error(stderr || `helm pull ended with ${exitCode}`);
    return {
      content: await readFile(join(folder, `${pin.chart}-${pin.version}.tgz`)),
      origin: pin.repository,
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

const metadataSchema = z.looseObject({
  apiVersion: z.string(),
  name: z.string(),
  version: z.string(),
  annotations: z.record(z.string(), z.string()).default({}),
});

/** What an index says of a package: its Chart.yaml. */
const metadataOf = async (content: Buffer, name: string) => {
  const { stdout } = await execa("tar", ["-xzOf", "-", `${name}/Chart.yaml`], { input: content });
  return metadataSchema.parse(parse(stdout));
};

const writeAtomically = async (path: string, content: Buffer | string): Promise<void> => {
  const partial = `${path}.${process.pid}.partial`;
  await writeFile(partial, content);
  await rename(partial, path);
};
