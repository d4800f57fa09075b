/**
 * The life of a sandbox between commands: one detached process for each folder, found again by `sandbox.json`. A
 * file that a killed process left behind is seen through by asking, and two starts at once give one server.
 */
import { spawn } from "node:child_process";
import { mkdir, open, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ask } from "./ask.ts";
import { environmentOf } from "./environment.ts";
import { isMissing } from "./files.ts";
import { takeLock } from "./lock.ts";
import { type Announcement, announcement, announcementFile } from "./serve.ts";
import { openSettings } from "./settings.ts";

export interface RunningSandbox {
  readonly pid: number;
  readonly url: string;
  /** Milliseconds since the epoch. */
  readonly started: number;
  readonly authorityFile: string;
  /** Text of that file. */
  readonly authority: string;
  /** Opens `/control`. */
  readonly controlToken: string;
  /** The real cluster in the place of the sandbox's Kubernetes, if there is one. */
  readonly kubeconfig: string | undefined;
  environment(): Record<string, string>;
}

export interface StartOptions {
  /** What Node is to run: `main.ts`, its bundle, or a command that calls `serveSandbox`. */
  readonly entry: string;
  /** Put before the sandbox's own arguments. */
  readonly arguments?: readonly string[];
  /** `demo` by default. */
  readonly pace?: "instant" | "demo";
  /** A real cluster in the place of the sandbox's Kubernetes. */
  readonly kubeconfig?: string;
  /** How long a start may take, in milliseconds; 30,000 by default. */
  readonly timeout?: number;
}

/** Files of state. Certificates and logins stay over a reset, so that what trusts them keeps working. */
const stateFiles = ["arm", "entra", "cloudflare", "github", "graph", "kubernetes"];

const pollInterval = 50;

const announced = async (directory: string): Promise<Announcement | undefined> => {
  try {
    return announcement.safeParse(JSON.parse(await readFile(announcementFile(directory), "utf8"))).data;
  } catch (error) {
    if (isMissing(error) || error instanceof SyntaxError) return undefined;
    throw error;
  }
};

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

/** The sandbox that runs on this folder, if one does. */
export const status = async (directory: string): Promise<RunningSandbox | undefined> => {
  const said = await announced(directory);
  if (!said || !isAlive(said.pid)) return undefined;
  const url = `https://127.0.0.1:${said.port}`;
  const authorityFile = join(directory, "authority.pem");
  const authority = await readFile(authorityFile, "utf8");
  if (!(await ask(url, authority, said.controlToken))) return undefined;
  const settings = await openSettings(directory);
  return {
    pid: said.pid,
    url,
    started: said.started,
    authorityFile,
    authority,
    controlToken: said.controlToken,
    kubeconfig: said.kubeconfig,
    environment: () => environmentOf(url, authorityFile, said.nameServers, settings),
  };
};

/** A start that names no kubeconfig takes what runs. */
const serves = (running: RunningSandbox, { kubeconfig }: StartOptions): boolean =>
  kubeconfig === undefined || kubeconfig === running.kubeconfig;

const spawnServer = async (directory: string, options: StartOptions): Promise<RunningSandbox> => {
  await rm(announcementFile(directory), { force: true });
  const logFile = join(directory, "sandbox.log");
  const log = await open(logFile, "w", 0o600);
  const child = spawn(
    process.execPath,
    [
      options.entry,
      ...(options.arguments ?? []),
      "--directory",
      directory,
      "--pace",
      options.pace ?? "demo",
      ...(options.kubeconfig === undefined ? [] : ["--kubeconfig", options.kubeconfig]),
    ],
    { detached: true, stdio: ["ignore", log.fd, log.fd] },
  );
  const failed = new Promise<string>((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("exit", (code, signal) => resolve(`it ended with ${signal ?? code}`));
  });
  child.unref();
  await log.close();
  let reason: string | undefined;
  failed.then((text) => {
    reason = text;
  });
  const until = Date.now() + (options.timeout ?? 30_000);
  while (Date.now() < until && reason === undefined) {
    const running = await status(directory);
    if (running && running.pid === child.pid) return running;
    await sleep(pollInterval);
  }
  if (reason === undefined && child.pid !== undefined) process.kill(child.pid, "SIGKILL");
  const tail = (await readFile(logFile, "utf8")).trim().split("\n").slice(-15).join("\n");
  throw new Error(`the sandbox did not start: ${reason ?? "it did not answer in time"}\n${tail}`);
};

/**
 * Starts a sandbox on the folder, or finds the one that runs there already. One that runs with another cluster than
 * the kubeconfig asks for is started anew; its pace stays.
 */
export const start = async (directory: string, options: StartOptions): Promise<RunningSandbox> => {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const until = Date.now() + (options.timeout ?? 30_000);
  while (Date.now() < until) {
    const running = await status(directory);
    if (running && serves(running, options)) return running;
    const lock = await takeLock(join(directory, "sandbox.lock"), isAlive);
    if (!lock) {
      await sleep(pollInterval);
      continue;
    }
    try {
      // Another start may have ended between the look and the lock.
      const present = await status(directory);
      if (present && serves(present, options)) return present;
      if (present) await stop(directory);
      return await spawnServer(directory, options);
    } finally {
      await lock.release();
    }
  }
  throw new Error(`another start of the sandbox in ${directory} does not end`);
};

/** Ends the sandbox of the folder and waits until its state is written. False where none runs. */
export const stop = async (directory: string): Promise<boolean> => {
  const running = await status(directory);
  if (!running) {
    await rm(announcementFile(directory), { force: true });
    return false;
  }
  process.kill(running.pid, "SIGTERM");
  const until = Date.now() + 15_000;
  while (isAlive(running.pid)) {
    if (Date.now() > until) throw new Error(`the sandbox (process ${running.pid}) does not end`);
    await sleep(pollInterval);
  }
  await rm(announcementFile(directory), { force: true });
  return true;
};

/** Ends the sandbox and wipes all of its clouds. */
export const reset = async (directory: string): Promise<void> => {
  await stop(directory);
  for (const name of stateFiles) await rm(join(directory, `${name}.json`), { force: true });
};
