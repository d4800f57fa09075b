/** Bundles entries of the product into a folder: every entry in one split build, so that a client is a chunk of its own. */
import { chmod, copyFile, mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { build, type Metafile } from "esbuild";
import { leanZod } from "./lean-zod.ts";
import { stepsTogether } from "./steps-together.ts";

/** Bundle → source. `provision.js` itself is bin.js, which loads `cli.js`, and comes with it. */
export const entries = {
  cli: "src/hosts/cli/main.ts",
  sandbox: "src/sandbox/main.ts",
  "github-action": "src/hosts/github-action/main.ts",
  "azure-task": "src/hosts/azure-task/main.ts",
} as const;

export type Entry = keyof typeof entries;

export interface Bundle {
  /** Absolute: the checkout that is built. */
  readonly root: string;
  /** Absolute: where the bundles go. Whatever else lies there is removed. */
  readonly into: string;
  readonly entries: readonly Entry[];
  /** Names that the sources declare → what they stand for, as JavaScript. None by default. */
  readonly define?: Readonly<Record<string, string>>;
}

// Some dependencies are CommonJS and call `require` for Node's own modules. The chunk through which all of them do
// makes one; the others are spared it, since making one takes milliseconds of every start.
const makesRequire =
  'import { createRequire as requireOf } from "node:module"; const require = requireOf(import.meta.url);';

/**
 * Builds, and says what the bundles are made of. The same sources give the same bytes wherever they lie and wherever
 * they are built to.
 */
export const bundle = async ({ root, into, entries: wanted, define = {} }: Bundle): Promise<Metafile> => {
  const { metafile, outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: Object.fromEntries(wanted.map((name) => [name, entries[name]])),
    outdir: into,
    bundle: true,
    splitting: true,
    chunkNames: "[name]-[hash]",
    platform: "node",
    format: "esm",
    target: "node22",
    // Names stay as they are, for stack traces that a person can read.
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: "none",
    // A CommonJS module is named by its path in the bundle: below the checkout, whatever node_modules is a link to.
    preserveSymlinks: true,
    define: { ...define },
    plugins: [stepsTogether, leanZod],
    metafile: true,
    write: false,
    logLevel: "warning",
  });

  await mkdir(into, { recursive: true });
  for (const { path, text } of outputFiles)
    await writeFile(path, text.includes("typeof require") ? `${makesRequire}\n${text}` : text);
  const written = new Set(outputFiles.map(({ path }) => path));

  if (wanted.includes("cli")) {
    const bin = join(into, "provision.js");
    await copyFile(join(import.meta.dirname, "bin.js"), bin);
    await chmod(bin, 0o755);
    written.add(bin);
  }

  // Chunks of earlier builds would be packed, too.
  const stale = (await readdir(into)).map((name) => join(into, name)).filter((path) => !written.has(path));
  await Promise.all(stale.map((path) => rm(path, { recursive: true })));
  return metafile;
};

/** What a release's bundles are told: the commit of its action, `owner/name@<40 hex digits>`. */
export const actionDefine = (action: string | undefined): Readonly<Record<string, string>> => {
  if (action === undefined) return {};
  if (!/^[\w-]+\/[\w.-]+@[0-9a-f]{40}$/.test(action))
    throw new Error(`PROVISION_ACTION is owner/name@commit, and not ${action}`);
  return { PROVISION_ACTION: JSON.stringify(action) };
};
