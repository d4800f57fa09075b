/** A lock by exclusive creation of a file that names its holder's process; a dead holder's lock is taken over. */
import { link, readFile, rename, rm, writeFile } from "node:fs/promises";
import { isMissing, isPresent } from "./files.ts";

export interface Lock {
  release(): Promise<void>;
}

const holderOf = async (file: string): Promise<number | undefined> => {
  try {
    return Number(await readFile(file, "utf8"));
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
};

/** Takes the lock, or gives undefined where somebody who lives holds it: try again later. */
export const takeLock = async (
  file: string,
  isAlive: (pid: number) => boolean,
): Promise<Lock | undefined> => {
  try {
    await writeFile(file, String(process.pid), { flag: "wx", mode: 0o600 });
    return { release: () => rm(file, { force: true }) };
  } catch (error) {
    if (!isPresent(error)) throw error;
  }
  const holder = await holderOf(file);
  // An empty file is one that its holder is still writing.
  if (holder === undefined || holder === 0 || isAlive(holder)) return undefined;
  // Only one of several finds the dead holder's file to move; the next try creates it anew.
  const aside = `${file}.${process.pid}.stale`;
  try {
    await rename(file, aside);
    // Somebody was faster and holds a lock of its own by now: it gets that back.
    if ((await holderOf(aside)) !== holder) await link(aside, file).catch(() => undefined);
    await rm(aside, { force: true });
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  return undefined;
};
