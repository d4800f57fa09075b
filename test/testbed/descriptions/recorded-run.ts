/** One life of the main pipeline on a sandbox in this process: up, up again, a change, destroy; and what was said. */
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

/** Throws with a command's own words where it fails. Takes a minute: real Helm installs real charts. */
export const recordRun = async (): Promise<readonly Exchange[]> => {
  const folder = await mkdtemp(join(tmpdir(), "provision-descriptions-"));
  const directory = join(folder, "sandbox");
  using recorded = recordExchanges(clouds);
  const sandbox = await startSandbox({ directory });
  try {
    await announce(sandbox, directory);
    const pipeline = join(folder, "provision.yaml");
    const text = await readFile(join(root, "pipelines", "aks-nginx-flux.yaml"), "utf8");
    const provision = async (...words: readonly string[]): Promise<void> => {
      await execa(
        process.execPath,
        [
          join(root, "src/hosts/cli/main.ts"),
          ...words,
          pipeline,
          "--sandbox",
          "--yes",
          "--input",
          "domain=example.com",
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
    await writeFile(pipeline, text.replace("{ type: number, default: 4,", "{ type: number, default: 5,"));
    await provision("up");
    await provision("destroy");
  } finally {
    await sandbox.stop();
    await rm(folder, { recursive: true, force: true });
  }
  return recorded.exchanges;
};
