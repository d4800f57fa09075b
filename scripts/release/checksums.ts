/** SHA256SUMS, as `sha256sum -c` reads it: two blanks between digest and path, one file a line, sorted by path. */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { filesIn } from "./stage.ts";

export const checksumsFile = "SHA256SUMS";

/** Of all files below a folder, itself left out. */
export const checksums = async (folder: string): Promise<string> => {
  const files = (await filesIn(folder)).filter((file) => file !== checksumsFile);
  const lines = files.map(async (file) => {
    const digest = createHash("sha256").update(await readFile(join(folder, file)));
    return `${digest.digest("hex")}  ${file}\n`;
  });
  return (await Promise.all(lines)).join("");
};
