/** The real machine: disk, clock and chance of the process that a host runs in. */
import { randomBytes } from "node:crypto";
import { mkdir, open, readFile, realpath, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import type { Machine } from "../application/machine.ts";

/** `program`: how this tool is started once more. */
export const realMachine = (
  variables: NodeJS.ProcessEnv,
  directory: string,
  program?: readonly string[],
): Machine => ({
  variables,
  program,
  directory,
  clock: {
    now: Date.now,
    sleep: async (milliseconds, signal) => {
      try {
        await setTimeout(milliseconds, undefined, { signal });
      } catch (error) {
        signal.throwIfAborted();
        throw error;
      }
    },
  },
  random: Math.random,
  readText: (path) => readFile(path, "utf8"),
  writeText: writeWhole,
  size: async (path) => (await stat(path)).size,
  importModule: async (path) => {
    const module: Record<string, unknown> = await import(pathToFileURL(path).href);
    return module.default;
  },
});

/**
 * Beside its final place first, so that a full disk or a kill leaves the old file or none, never half of one. A link
 * stays one. What is no file, as `/dev/stdout`, can't be replaced, and is written to.
 */
const writeWhole = async (path: string, text: string): Promise<void> => {
  await mkdir(dirname(path), { recursive: true });
  const there = await stat(path).catch(() => undefined);
  if (there && !there.isFile()) return writeFile(path, text);
  const place = there ? await realpath(path) : path;
  const draft = `${place}.${randomBytes(4).toString("hex")}.tmp`;
  try {
    const file = await open(draft, "wx", 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, place);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
};
