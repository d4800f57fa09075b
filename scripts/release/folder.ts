/** The folder that a release ends up in: what it takes the place of, and when. */
import { cp, readdir, rm } from "node:fs/promises";
import { checksumsFile } from "./checksums.ts";

/** @throws where it holds something that is no release: that would be lost. */
export const refuseOthers = async (out: string): Promise<void> => {
  const there: readonly string[] = await readdir(out).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  if (there.length > 0 && !there.includes(checksumsFile))
    throw new Error(`${out} holds other things than a release: name an empty folder by --out`);
};

/** Only a whole release takes the place of an earlier one. */
export const replace = async (out: string, finished: string): Promise<void> => {
  await rm(out, { recursive: true, force: true });
  await cp(finished, out, { recursive: true });
};
