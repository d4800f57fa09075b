/** A whole run in the sandbox, and a second one: memory, length, and that nothing is done where nothing is to do. */
import { chmod, readFile, writeFile } from "node:fs/promises";
import { request } from "node:https";
import { join } from "node:path";
import { z } from "zod";
import { locateHelm } from "../../src/clients/helm/locate.ts";
import { type RunningSandbox, start, stop } from "../../src/sandbox/process.ts";
import { peakMemory, runExpecting } from "./measure.ts";
import { command, type Place } from "./offline-rows.ts";
import type { Row } from "./row.ts";
import { readRunLog } from "./run-log.ts";

const megabyte = 1024 * 1024;

/** @param root of the checkout, whose charts are in `.charts`. */
export const sandboxRows = async (place: Place, root: string): Promise<readonly Row[]> => {
  const folder = join(place.folder, "sandbox");
  const sandbox = await start(folder, { entry: join(root, "dist", "sandbox.js") });
  try {
    const helm = await countedHelm(place.folder, root);
    const inSandbox: Place = {
      ...place,
      environment: {
        ...place.environment,
        PROVISION_SANDBOX: folder,
        PROVISION_CHARTS: join(root, ".charts"),
        PROVISION_HELM: helm.program,
      },
    };
    const up = command(inSandbox, "up", "--sandbox", "--yes", "--json", place.pipeline, ...place.inputs);
    const first = await peakMemory(up);
    if (first.ended.exit !== 0) {
      throw new Error(
        `up ended with ${first.ended.exit}:\n${first.ended.stdout.slice(-4000)}${first.ended.stderr}`,
      );
    }
    const run = readRunLog(first.ended.stdout);
    const startedBefore = await helm.starts();
    await ask(sandbox, "POST", "clear-requests");
    await runExpecting(0, up);
    const { writes } = requestLog.parse(JSON.parse(await ask(sandbox, "GET", "requests")));
    const written = Object.values(writes).reduce((sum, count) => sum + count, 0);
    return [
      {
        name: "memory of up",
        figure: first.peak / megabyte,
        limit: 300,
        unit: "MB",
        detail: "the process at its largest",
      },
      {
        name: "up against its critical path",
        figure: run.makespan / run.criticalPath,
        limit: 1.05,
        unit: "×",
        detail: `${(run.makespan / 1000).toFixed(1)} s against ${(run.criticalPath / 1000).toFixed(1)} s: ${run.path.join(" → ")}`,
      },
      {
        name: "Helm processes of a second up",
        figure: (await helm.starts()) - startedBefore,
        limit: 0,
        unit: "",
        detail: `${startedBefore} in the first`,
      },
      { name: "writes of a second up", figure: written, limit: 0, unit: "", detail: JSON.stringify(writes) },
    ];
  } finally {
    await stop(folder);
  }
};

const requestLog = z.object({ writes: z.record(z.string(), z.number()) });

/** The real Helm behind a script that notes every start. */
const countedHelm = async (folder: string, root: string) => {
  const real = await locateHelm({ variables: process.env, root });
  const program = join(folder, "helm");
  const log = join(folder, "helm-starts");
  await writeFile(log, "");
  await writeFile(program, `#!/bin/sh\necho start >>'${log}'\nexec '${real}' "$@"\n`);
  await chmod(program, 0o755);
  return {
    program,
    starts: async () => (await readFile(log, "utf8")).split("\n").filter((line) => line !== "").length,
  };
};

const ask = (sandbox: RunningSandbox, method: "GET" | "POST", name: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${sandbox.controlToken}` };
    const asked = request(
      `${sandbox.url}/control/${name}`,
      { method, ca: sandbox.authority, headers, agent: false },
      (response) => {
        const parts: Buffer[] = [];
        response.on("data", (part: Buffer) => parts.push(part));
        response.on("end", () => {
          const text = Buffer.concat(parts).toString();
          if ((response.statusCode ?? 500) < 300) resolve(text);
          else reject(new Error(`/control/${name} answered ${response.statusCode}: ${text}`));
        });
      },
    );
    asked.once("error", reject);
    asked.end();
  });
