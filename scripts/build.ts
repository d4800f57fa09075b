/**
 * Bundles the product into dist/: every entry in one split build, so that a client or a step is a chunk of its own
 * and loads only when it is used. `npm ci` runs it (`prepare`). `--analyse` prints what the bundles are made of.
 */

import { existsSync } from "node:fs";
import { chmod, copyFile, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { build } from "esbuild";
import { analysis } from "./build/analysis.ts";
import { leanZod } from "./build/lean-zod.ts";
import { stepsTogether } from "./build/steps-together.ts";

const root = resolve(import.meta.dirname, "..");
const dist = join(root, "dist");

/** Bundle → source. `provision.js` itself is build/bin.js, which loads `cli.js`. */
const entries = {
  cli: "src/hosts/cli/main.ts",
  sandbox: "src/sandbox/main.ts",
  "github-action": "src/hosts/github-action/main.ts",
  "azure-task": "src/hosts/azure-task/main.ts",
};

const present = Object.fromEntries(
  Object.entries(entries).filter(([, source]) => existsSync(join(root, source))),
);

/** A release knows the commit of its action, and `provision init` writes it: `owner/name@<40 hex digits>`. */
const action = process.env.PROVISION_ACTION;
if (action !== undefined && !/^[\w-]+\/[\w.-]+@[0-9a-f]{40}$/.test(action))
  throw new Error(`PROVISION_ACTION is owner/name@commit, and not ${action}`);

const { metafile } = await build({
  absWorkingDir: root,
  entryPoints: present,
  outdir: dist,
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
  define: action === undefined ? {} : { PROVISION_ACTION: JSON.stringify(action) },
  plugins: [stepsTogether, leanZod],
  metafile: true,
  logLevel: "warning",
});

// Some dependencies are CommonJS and call `require` for Node's own modules. The chunk through which all of them do
// makes one; the others are spared it, since making one takes milliseconds of every start.
const makesRequire =
  'import { createRequire as requireOf } from "node:module"; const require = requireOf(import.meta.url);';
for (const path of Object.keys(metafile.outputs)) {
  const text = await readFile(join(root, path), "utf8");
  if (text.includes("typeof require")) await writeFile(join(root, path), `${makesRequire}\n${text}`);
}

const bin = join(dist, "provision.js");
await mkdir(dist, { recursive: true });
await copyFile(join(import.meta.dirname, "build", "bin.js"), bin);
await chmod(bin, 0o755);

// Chunks of earlier builds would be packed, too.
const written = new Set([bin, ...Object.keys(metafile.outputs).map((path) => join(root, path))]);
const stale = (await readdir(dist)).map((name) => join(dist, name)).filter((path) => !written.has(path));
await Promise.all(stale.map((path) => rm(path, { recursive: true })));

if (process.argv.includes("--analyse")) console.log(analysis(metafile));
