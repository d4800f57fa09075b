/** The process that holds a standing testbed: `node serve.ts FOLDER SANDBOX`, until SIGTERM or SIGINT. */
import { once } from "node:events";
import { rename, writeFile } from "node:fs/promises";
import { announcementFile, type Standing } from "./standing.ts";
import { startTestbed } from "./testbed.ts";

const [, , directory, sandbox] = process.argv;
if (directory === undefined || sandbox === undefined) throw new Error("usage: node serve.ts FOLDER SANDBOX");

const testbed = await startTestbed({
  directory,
  sandbox,
  variables: process.env,
  report: (line) => process.stdout.write(`${line}\n`),
});
// Until here a signal ends this process as it is, and the kernel ends what it has started.
const asked = Promise.race([once(process, "SIGTERM"), once(process, "SIGINT")]);
const standing: Standing = {
  pid: process.pid,
  started: Date.now(),
  kubeconfig: testbed.kubeconfig,
  kubectl: testbed.kubectl,
  helm4: testbed.binaries("helm4"),
  helm3: testbed.binaries("helm3"),
};
const file = announcementFile(directory);
await writeFile(`${file}.new`, JSON.stringify(standing, undefined, 2), { mode: 0o600 });
await rename(`${file}.new`, file);
// A promise of signals keeps no process alive by itself.
const alive = setInterval(() => undefined, 60_000);
await asked;
clearInterval(alive);
await testbed.stop();
