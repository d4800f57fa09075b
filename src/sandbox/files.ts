/** Files of the sandbox's folder: each is written whole beside its place and then moved there. */
import { randomUUID } from "node:crypto";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

/** Whether an error of the file system says that the file is not there. */
export const isMissing = (error: unknown): boolean =>
  error instanceof Error && "code" in error && error.code === "ENOENT";

/** Whether an error of the file system says that the file is there already. */
export const isPresent = (error: unknown): boolean =>
  error instanceof Error && "code" in error && error.code === "EEXIST";

/** Replaces a file in one move, so that a reader (or a killed writer) never sees half of it. Mode 0600. */
export const writeAtomically = async (file: string, text: string): Promise<void> => {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const fresh = `${file}.${randomUUID()}.tmp`;
  try {
    await writeFile(fresh, text, { mode: 0o600 });
    await rename(fresh, file);
  } catch (error) {
    await rm(fresh, { force: true });
    throw error;
  }
};
