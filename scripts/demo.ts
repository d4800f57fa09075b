/**
 * `npm run demo`: the main job without a cloud. Prepares the charts, empties the sandbox, plans the main pipeline
 * offline, brings it up, and brings it up again to show that nothing is left to do.
 */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");
const pipeline = ["pipelines/aks-nginx-flux.yaml", "--input", "domain=example.com"];

const show = (words: readonly string[]): void => {
  process.stdout.write(`\n$ npx provision ${words.join(" ")}\n`);
};

const run = (program: string, words: readonly string[]): void => {
  const { status, error } = spawnSync(process.execPath, [program, ...words], { cwd: root, stdio: "inherit" });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
};

const provision = (...words: readonly string[]): void => {
  show(words);
  run(join(root, "dist", "provision.js"), words);
};

if (!existsSync(join(root, ".charts", "index.yaml"))) {
  process.stdout.write("Preparing the charts (once; from their repositories, else out of Go modules)\n");
  run(join(root, "scripts", "charts.ts"), []);
}
provision("plan", "--offline", ...pipeline);
provision("sandbox", "reset");
provision("up", "--sandbox", "--yes", ...pipeline);
provision("up", "--sandbox", "--yes", ...pipeline);
process.stdout.write("\nThat was the whole of it; `npx provision sandbox stop` ends the sandbox.\n");
