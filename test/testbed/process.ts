/**
 * A host process of the testbed: its output in a log file, its end with ours. It is started through `control-plane
 * watch`, so that the kernel kills it when this process dies, even by kill -9.
 */
import { spawn } from "node:child_process";
import { open, readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Failure } from "../../src/step/failure.ts";

export interface HostProcess {
  readonly name: string;
  readonly pid: number;
  readonly logFile: string;
  /** Bytes that earlier processes of the same name left in it. */
  readonly logStart: number;
  /** `exit code 1` or `SIGKILL` once it has ended. */
  ended(): string | undefined;
  /** Settles when it has ended. */
  readonly exited: Promise<void>;
  /** The last lines of its log. */
  tail(): Promise<readonly string[]>;
  /** SIGTERM, and SIGKILL after the grace. Returns when it has ended; again, at once. */
  stop(grace?: number): Promise<void>;
}

export interface ProcessOptions {
  /** Also the name of the log file. */
  readonly name: string;
  /** The control plane's binary, which has `watch`. */
  readonly watcher: string;
  readonly program: string;
  readonly arguments: readonly string[];
  /** Where the log goes. */
  readonly directory: string;
  /** Besides PATH; nothing else of ours is handed on. */
  readonly variables?: Readonly<Record<string, string>>;
}

const pollInterval = 50;

export const startProcess = async (options: ProcessOptions): Promise<HostProcess> => {
  const logFile = join(options.directory, `${options.name}.log`);
  const log = await open(logFile, "a", 0o600);
  const { size: logStart } = await log.stat();
  const child = spawn(
    options.watcher,
    ["watch", String(process.pid), options.program, ...options.arguments],
    {
      cwd: options.directory,
      env: { PATH: process.env.PATH ?? "", HOME: options.directory, ...options.variables },
      stdio: ["ignore", log.fd, log.fd],
    },
  );
  let end: string | undefined;
  const exited = new Promise<void>((resolve) => {
    child.once("exit", (code, signal) => {
      end = signal ?? `exit code ${code}`;
      resolve();
    });
    child.once("error", (error) => {
      end = error.message;
      resolve();
    });
  });
  await log.close();
  return {
    name: options.name,
    pid: child.pid ?? -1,
    logFile,
    logStart,
    ended: () => end,
    exited,
    tail: async () => (await readFile(logFile, "utf8")).trim().split("\n").slice(-15),
    stop: async (grace = 3_000) => {
      if (end === undefined) child.kill("SIGTERM");
      const forced = setTimeout(() => child.kill("SIGKILL"), grace);
      await exited;
      clearTimeout(forced);
    },
  };
};

/**
 * Asks until the answer is yes. Fails, with the process's last log lines, when it ends first or the time is up.
 *
 * @param timeout milliseconds; 60,000 by default.
 */
export const waitUntil = async (
  what: string,
  needed: HostProcess,
  isReady: () => Promise<boolean>,
  timeout = 60_000,
): Promise<void> => {
  const until = performance.now() + timeout;
  for (;;) {
    if (await isReady()) return;
    const end = needed.ended();
    if (end !== undefined || performance.now() > until) {
      throw new Failure({
        kind: "unexpected",
        code: "TestbedStart",
        message: `${what}: ${end === undefined ? "not within the time given" : `${needed.name} ended with ${end}`}`,
        hint: `Its whole log is ${needed.logFile}.`,
        evidence: await needed.tail(),
      });
    }
    await sleep(pollInterval);
  }
};
