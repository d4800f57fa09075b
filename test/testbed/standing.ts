/**
 * A testbed that stands between commands: one detached process for each folder, found again by `testbed.json`, which
 * holds all the others. Ended by `down`; killed, it leaves a folder that the next `up` or `down` clears.
 */
import { spawn } from "node:child_process";
import { mkdir, open, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { Failure } from "../../src/step/failure.ts";
import { buildPrograms } from "./build.ts";
import { basePrograms, controllerPrograms } from "./programs.ts";

const announcement = z.object({
  pid: z.number(),
  /** Milliseconds since the epoch. */
  started: z.number(),
  kubeconfig: z.string(),
  kubectl: z.string(),
  helm4: z.string(),
  helm3: z.string(),
});

export type Standing = z.infer<typeof announcement>;

/** Below the folder; written when all is ready. */
export const announcementFile = (directory: string): string => join(directory, "testbed.json");

const logFile = (directory: string): string => join(directory, "testbed.log");

const pollInterval = 50;

/** Whether the process runs and is a testbed of that folder, not a later one with the same id. */
const serves = async (pid: number, directory: string): Promise<boolean> => {
  const words = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
  return words.split("\0").includes(directory);
};

/** Written at the spawn: one that is still starting is found too. */
const holderFile = (directory: string): string => join(directory, "testbed.pid");

/** The process that holds the testbed of the folder, ready or not. */
const holder = async (directory: string): Promise<number | undefined> => {
  const pid = Number(await readFile(holderFile(directory), "utf8").catch(() => "0"));
  return pid > 0 && (await serves(pid, directory)) ? pid : undefined;
};

/** The testbed of the folder, if one runs and is ready. */
export const status = async (directory: string): Promise<Standing | undefined> => {
  const text = await readFile(announcementFile(directory), "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  const standing = announcement.parse(JSON.parse(text));
  return (await serves(standing.pid, directory)) ? standing : undefined;
};

/** Removes the folder of a testbed, and no other: PROVISION_TESTBED may name anything by mistake. */
const clear = async (directory: string): Promise<void> => {
  const names = await readdir(directory).catch(() => []);
  const ours = [logFile(directory), holderFile(directory), announcementFile(directory)];
  if (names.length > 0 && !names.some((name) => ours.includes(join(directory, name)))) {
    throw new Failure({
      kind: "rejected",
      code: "TestbedFolder",
      message: `${directory} holds files that are not a testbed's, and is left as it is`,
      hint: "Let PROVISION_TESTBED name a folder that is new, empty or a testbed's own.",
    });
  }
  await rm(directory, { recursive: true, force: true });
};

const spawnHolder = async (directory: string, sandbox: string): Promise<void> => {
  await clear(directory);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const log = await open(logFile(directory), "w", 0o600);
  const child = spawn(process.execPath, [join(import.meta.dirname, "serve.ts"), directory, sandbox], {
    detached: true,
    stdio: ["ignore", log.fd, log.fd],
  });
  child.unref();
  await log.close();
  await writeFile(holderFile(directory), String(child.pid));
};

/**
 * Starts a testbed that outlives this process, or finds the one that runs or is about to; its controllers reach the
 * Cloudflare of the sandbox in the folder given. What is missing is built here first, so that progress is seen.
 */
export const up = async (
  directory: string,
  sandbox: string,
  report: (line: string) => void,
): Promise<Standing> => {
  const running = await status(directory);
  if (running) return running;
  await buildPrograms([...basePrograms, ...controllerPrograms], { variables: process.env, report });
  report("starting etcd, the API server, controllers, scheduler and nodes ...");
  if ((await holder(directory)) === undefined) await spawnHolder(directory, sandbox);
  while ((await holder(directory)) !== undefined) {
    const standing = await status(directory);
    if (standing) return standing;
    await sleep(pollInterval);
  }
  throw new Failure({
    kind: "unexpected",
    code: "TestbedStart",
    message: "the testbed did not start",
    hint: `The logs of its processes are in ${directory}.`,
    evidence: (await readFile(logFile(directory), "utf8")).trim().split("\n").slice(-15),
  });
};

/** Ends the testbed of the folder, one that is still starting too, and removes the folder. False where none ran. */
export const down = async (directory: string): Promise<boolean> => {
  const pid = await holder(directory);
  if (pid !== undefined) {
    // One that starts ends at once, and the kernel ends what it has started; one that runs stops in order.
    process.kill(pid, "SIGTERM");
    while (await serves(pid, directory)) await sleep(pollInterval);
  }
  await clear(directory);
  return pid !== undefined;
};
