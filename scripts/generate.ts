/**
 * Writes what follows from the steps: the registry, schema.json and the reference pages. `--check` writes nothing
 * and fails where a file on disk is not what it would write.
 */
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { generatedFiles, ownedFolders } from "./generate/files.ts";

const root = resolve(import.meta.dirname, "..");
const checking = process.argv.includes("--check");

const wanted = await generatedFiles(root);

/** Files in folders that hold generated files only, left from a step that is gone. */
const leftovers = async (): Promise<readonly string[]> => {
  const found = await Promise.all(
    ownedFolders.map(async (folder) => {
      const names = await readdir(join(root, folder)).catch(() => []);
      return names.map((name) => `${folder}/${name}`);
    }),
  );
  return found.flat().filter((path) => !wanted.has(path));
};

const drifted: string[] = [];
for (const [path, text] of wanted) {
  const file = join(root, path);
  if ((await readFile(file, "utf8").catch(() => undefined)) === text) continue;
  drifted.push(path);
  if (checking) continue;
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
}
for (const path of await leftovers()) {
  drifted.push(path);
  if (!checking) await rm(join(root, path));
}

for (const path of drifted) console.log(checking ? `out of date: ${path}` : `written: ${path}`);
if (checking && drifted.length > 0) {
  console.error("Run `npm run generate` and commit what it writes.");
  process.exitCode = 1;
}
