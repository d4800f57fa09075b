/**
 * `npm run verified`: writes docs/verified.md from the last run of `npm run test:testbed`. With `--check` it writes
 * nothing, and exits with 1 where the file is not what that run showed.
 */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { manifest } from "../src/registry/manifest.generated.ts";
import { resultsFile } from "../test/testbed/verified/reporter.ts";
import { readClaims, table } from "../test/testbed/verified/table.ts";

const file = join(import.meta.dirname, "..", "docs", "verified.md");
const results = await readFile(resultsFile, "utf8").catch(() => undefined);
if (results === undefined) {
  console.error("There is no run to tell of: npm run test:testbed, and all of it must pass.");
  process.exit(1);
}
const text = table(Object.keys(manifest), readClaims(results));
if (!process.argv.includes("--check")) await writeFile(file, text);
else if ((await readFile(file, "utf8").catch(() => "")) !== text) {
  console.error("docs/verified.md is not what the last run of the testbed showed: npm run verified");
  process.exit(1);
}
