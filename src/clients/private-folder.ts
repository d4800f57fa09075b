/**
 * Folders for what may not stay: keys, kubeconfigs, values. Only this user can enter them (mkdtemp makes them 0700; on
 * Windows they inherit the rights of the user's own TEMP), and they are gone when they go out of scope, or at the latest
 * with the process.
 */
import { rmSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const folders = new Set<string>();

// On Windows a file can't go while a program that was just ended still holds it.
const removal = { recursive: true, force: true, maxRetries: 5 } as const;

// A last resort for an exit that runs no `finally`, such as process.exit in a signal handler.
process.once("exit", () => {
  for (const folder of folders) rmSync(folder, removal);
});

/** `purpose` is part of its name: `provision-<purpose>-XXXXXX`. */
export const privateFolder = async (
  purpose: string,
): Promise<AsyncDisposable & { readonly path: string }> => {
  const path = await mkdtemp(join(tmpdir(), `provision-${purpose}-`));
  folders.add(path);
  return {
    path,
    [Symbol.asyncDispose]: async () => {
      await rm(path, removal);
      folders.delete(path);
    },
  };
};
