/**
 * Measures the built command and holds it to its limits: a table on the screen, figures in bench-results.json, exit
 * code 1 where a limit is not kept. Times are ratios within this one run, so that they mean the same on any machine.
 */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { actionRow } from "./bench/action-row.ts";
import { fuzzRow } from "./bench/fuzz-row.ts";
import { offlineRows, type Place } from "./bench/offline-rows.ts";
import { keeps, type Row, table } from "./bench/row.ts";
import { sandboxRows } from "./bench/sandbox-rows.ts";
import { testbedRows } from "./bench/testbed-rows.ts";

const root = resolve(import.meta.dirname, "..");
const folder = await mkdtemp(join(tmpdir(), "provision-bench-"));
const home = join(folder, "home");
await mkdir(home);

const place: Place = {
  provision: join(root, "dist", "provision.js"),
  pipeline: join(root, "pipelines", "aks-nginx-flux.yaml"),
  inputs: ["--input", "domain=example.com"],
  folder,
  environment: { PATH: process.env.PATH, HOME: home, NO_COLOR: "1" },
};

try {
  const rows: readonly Row[] = [
    ...(await offlineRows(place)),
    await actionRow(place, join(root, "dist", "github-action.js")),
    await fuzzRow(join(root, "pipelines")),
    ...(await sandboxRows(place, root)),
    ...(await testbedRows(process.env)),
  ];
  console.log(table(rows));
  const results = rows.map((row) => ({ ...row, pass: keeps(row) }));
  await writeFile(join(root, "bench-results.json"), `${JSON.stringify(results, undefined, 2)}\n`);
  process.exitCode = rows.every(keeps) ? 0 : 1;
} finally {
  await rm(folder, { recursive: true, force: true });
}
