/** Digests of charts: of a package as a registry states it, and of a folder's files where there is no package. */
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";

/** `sha256:<hex>` of the bytes. */
export const digestOf = (content: Buffer | string): string =>
  `sha256:${createHash("sha256").update(content).digest("hex")}`;

/**
 * `sha256:<hex>` over the names and contents of all files of a folder, in the order of their names, so that the same
 * files have the same digest on every machine. Times and modes do not count, for no chart depends on them.
 */
export const digestOfFolder = async (folder: string): Promise<string> => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const hash = createHash("sha256");
  for (const file of files) {
    const content = await readFile(file);
    hash.update(`${relative(folder, file).split(sep).join("/")}\0${content.byteLength}\0`).update(content);
  }
  return `sha256:${hash.digest("hex")}`;
};
