/** One life of a pipeline on a sandbox in this process: up, up again, a change, destroy; and what was said. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { announcementFile } from "../../../src/sandbox/serve.ts";
import { type Sandbox, startSandbox } from "../../../src/sandbox/server.ts";
import { type Exchange, recordExchanges } from "./exchanges.ts";

const root = join(import.meta.dirname, "..", "..", "..");
const clouds = /^\/(subscriptions|tenants|providers|metadata|client\/v4|[0-9a-f-]{36}\/|common\/)/i;

/** Lets commands that are given `--sandbox` and its folder find a sandbox that is this process. */
const announce = ({ url, controlToken }: Sandbox, directory: string): Promise<void> =>
  writeFile(
    announcementFile(directory),
    JSON.stringify({ pid: process.pid, port: Number(new URL(url).port), started: Date.now(), controlToken }),
  );

export interface Life {
  /** In the checkout. */
  readonly pipeline: string;
  readonly inputs: readonly string[];
  /** What is changed after the second `up`: parts of the text, and what takes their place. */
  readonly changes: readonly (readonly [string, string])[];
}

/** The main pipeline's, which takes a minute: real Helm installs real charts. */
export const mainLife: Life = {
  pipeline: "pipelines/aks-nginx-flux.yaml",
  inputs: ["domain=example.com"],
  changes: [["{ type: number, default: 4,", "{ type: number, default: 5,"]],
};

/** One with every setting of the Azure steps. */
export const allSettings: Life = {
  pipeline: "test/testbed/descriptions/all-settings.yaml",
  inputs: [],
  changes: [
    ["team: platform", "team: network"],
    ["retention: 60", "retention: 90"],
    ["idleTimeout: 10", "idleTimeout: 12"],
    ["count: 3", "count: 4"],
    ["198.51.100.7", "198.51.100.8"],
    ["upgradeChannel: patch", "upgradeChannel: stable"],
    ["day: Sunday", "day: Monday"],
    ["tier: Free", "tier: Standard"],
    ["role: work", "role: play"],
    ["maximum: 3", "maximum: 4"],
  ],
};

const changed = (text: string, changes: Life["changes"]): string =>
  changes.reduce((edited, [from, to]) => {
    if (!edited.includes(from)) throw new Error(`the pipeline has no \`${from}\``);
    return edited.replaceAll(from, to);
  }, text);

/** Throws with a command's own words where it fails. */
export const recordRun = async (life: Life): Promise<readonly Exchange[]> => {
  const folder = await mkdtemp(join(tmpdir(), "provision-descriptions-"));
  const directory = join(folder, "sandbox");
  using recorded = recordExchanges(clouds);
  const sandbox = await startSandbox({ directory });
  try {
    await announce(sandbox, directory);
    const pipeline = join(folder, "provision.yaml");
    const text = await readFile(join(root, life.pipeline), "utf8");
    const provision = async (...words: readonly string[]): Promise<void> => {
      await execa(
        process.execPath,
        [
          join(root, "src/hosts/cli/main.ts"),
          ...words,
          pipeline,
          "--sandbox",
          "--yes",
          ...life.inputs.flatMap((input) => ["--input", input]),
        ],
        {
          cwd: root,
          env: { PROVISION_SANDBOX: directory, PROVISION_CACHE: join(folder, "cache"), NO_COLOR: "1" },
        },
      );
    };
    await writeFile(pipeline, text);
    await provision("up");
    await provision("up");
    await writeFile(pipeline, changed(text, life.changes));
    await provision("up");
    await provision("destroy");
  } finally {
    await sandbox.stop();
    await rm(folder, { recursive: true, force: true });
  }
  return recorded.exchanges;
};
