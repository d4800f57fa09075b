/** The process that a started sandbox is: serves until SIGTERM or SIGINT, then writes its state and ends. */
import { once } from "node:events";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { z } from "zod";
import { writeAtomically } from "./files.ts";
import { type Sandbox, type SandboxOptions, startSandbox } from "./server.ts";

/** What `sandbox.json` says of a running sandbox. */
export const announcement = z.strictObject({
  pid: z.int(),
  port: z.int(),
  /** Milliseconds since the epoch. */
  started: z.number(),
  controlToken: z.string(),
  /** Which of its name servers stands for which. */
  nameServers: z.string().default(""),
  /** The real cluster in the place of the sandbox's Kubernetes, if there is one. */
  kubeconfig: z.string().optional(),
});

export type Announcement = z.infer<typeof announcement>;

export const announcementFile = (directory: string): string => join(directory, "sandbox.json");

/** The port of the last run, so that kubeconfigs written then stay right. */
const portFile = (directory: string): string => join(directory, "port.json");

const lastPort = async (directory: string): Promise<number> => {
  try {
    return z.int().parse(JSON.parse(await readFile(portFile(directory), "utf8")));
  } catch {
    return 0;
  }
};

const isTaken = (error: unknown): boolean =>
  error instanceof Error && "code" in error && error.code === "EADDRINUSE";

const startOnPort = async (options: SandboxOptions): Promise<Sandbox> => {
  try {
    return await startSandbox({ ...options, port: await lastPort(options.directory) });
  } catch (error) {
    if (!isTaken(error)) throw error;
    return startSandbox(options);
  }
};

/**
 * Runs a sandbox as this process. Arguments: `--directory DIR`, `--pace instant|demo` (demo by default),
 * `--kubeconfig FILE` to put a real cluster in the place of the sandbox's Kubernetes.
 */
export const serveSandbox = async (given: readonly string[]): Promise<void> => {
  const { values } = parseArgs({
    args: [...given],
    options: {
      directory: { type: "string" },
      pace: { type: "string", default: "demo" },
      kubeconfig: { type: "string" },
    },
  });
  const { directory, kubeconfig } = values;
  if (directory === undefined) throw new Error("--directory is needed");
  const ended = Promise.race([once(process, "SIGTERM"), once(process, "SIGINT")]);
  const sandbox = await startOnPort({
    directory,
    pace: values.pace === "instant" ? "instant" : "demo",
    ...(kubeconfig === undefined ? {} : { kubernetes: { kubeconfig } }),
  });
  const port = Number(new URL(sandbox.url).port);
  await writeAtomically(portFile(directory), JSON.stringify(port));
  const said: Announcement = {
    pid: process.pid,
    port,
    started: Date.now(),
    controlToken: sandbox.controlToken,
    nameServers: sandbox.nameServers,
    ...(kubeconfig === undefined ? {} : { kubeconfig }),
  };
  await writeAtomically(announcementFile(directory), JSON.stringify(said));
  await ended;
  await sandbox.stop();
  await rm(announcementFile(directory), { force: true });
};
