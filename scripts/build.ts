/**
 * Bundles the product into dist/, for the checkout itself: all entries, so that a client or a step is a chunk of its own
 * and loads only when it is used. `npm ci` runs it (`prepare`). `--analyse` prints what the bundles are made of. What
 * is shipped is built by scripts/release.ts.
 */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { analysis } from "./build/analysis.ts";
import { actionDefine, bundle, type Entry, entries } from "./build/bundle.ts";

const root = resolve(import.meta.dirname, "..");
const all: readonly Entry[] = ["cli", "sandbox", "github-action", "azure-task"];

const metafile = await bundle({
  root,
  into: join(root, "dist"),
  entries: all.filter((name) => existsSync(join(root, entries[name]))),
  // The init test builds as a release does.
  define: actionDefine(process.env.PROVISION_ACTION),
});

if (process.argv.includes("--analyse")) console.log(analysis(metafile));
