/** Folders that are about to be shipped: what is copied into them, and the modes that everything in them has. */
import { chmod, copyFile, mkdir, readdir, writeFile } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";

/** The one file that is started by its name: the command. */
export const isProgram = (path: string): boolean => path === "dist/provision.js";

/** Files below a folder, relative with `/`, sorted by their bytes. */
export const filesIn = async (folder: string): Promise<readonly string[]> => {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  return found
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join("/"))
    .sort();
};

/** Copies files and whole folders, each to the same place below `into`, or to the place that is named. */
export const copyInto = async (
  into: string,
  from: string,
  files: Readonly<Record<string, string>>,
): Promise<void> => {
  for (const [target, origin] of Object.entries(files)) {
    await mkdir(dirname(join(into, target)), { recursive: true });
    await copyFile(join(from, origin), join(into, target));
  }
};

/** All files of a folder of the checkout, to the same place. */
export const copyFolder = async (into: string, from: string, folder: string): Promise<void> => {
  const files = await filesIn(join(from, folder));
  await copyInto(
    into,
    from,
    Object.fromEntries(files.map((file) => [`${folder}/${file}`, `${folder}/${file}`])),
  );
};

export const writeInto = async (into: string, files: Readonly<Record<string, string>>): Promise<void> => {
  for (const [target, text] of Object.entries(files)) {
    await mkdir(dirname(join(into, target)), { recursive: true });
    await writeFile(join(into, target), text);
  }
};

/** Everybody may read, whatever umask this process has: archives keep modes. */
export const settleModes = async (folder: string): Promise<void> => {
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const open = entry.isDirectory() || isProgram(relative(folder, path).split(sep).join("/"));
    await chmod(path, open ? 0o755 : 0o644);
  }
  await chmod(folder, 0o755);
};

/** JSON as it is shipped. */
export const json = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`;
