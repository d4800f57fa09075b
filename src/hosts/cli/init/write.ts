/** Writes a set of files or none of them: looks first, then writes, and takes back what was written where one fails. */
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { reasonOf } from "../../../application/file-errors.ts";
import { Failure } from "../../../step/failure.ts";
import type { GeneratedFile } from "./files.ts";

export interface Written {
  readonly file: GeneratedFile;
  readonly was: "new" | "replaced";
}

/**
 * @param folder Absolute.
 * @param force Replaces files that differ; without it they are an error that names them all (P0436).
 * @returns What was written; files that are there already, with the same text, are not.
 */
export const writeFiles = async (
  folder: string,
  files: readonly GeneratedFile[],
  { force }: { readonly force: boolean },
): Promise<readonly Written[]> => {
  const looked = await Promise.all(files.map(async (file) => ({ file, text: await textOf(folder, file) })));
  const different = looked.filter(({ file, text }) => text !== undefined && text !== file.text);
  if (different.length > 0 && !force) throw differs(different.map(({ file }) => file.path));
  const due = looked.filter(({ file, text }) => text !== file.text);
  const undo: (() => Promise<unknown>)[] = [];
  try {
    for (const { file, text } of due) {
      const path = join(folder, file.path);
      try {
        const made = await mkdir(dirname(path), { recursive: true });
        if (made !== undefined) undo.push(() => rm(made, { recursive: true, force: true }));
        undo.push(() => (text === undefined ? rm(path, { force: true }) : put(path, text)));
        await put(path, file.text);
      } catch (error) {
        throw cannotWrite(file.path, error);
      }
    }
  } catch (error) {
    for (const step of undo.reverse()) await step();
    throw error;
  }
  return due.map(({ file, text }) => ({ file, was: text === undefined ? "new" : "replaced" }));
};

/** Undefined where there is none. A folder in its place, or a file in the place of its folder, is an error. */
const textOf = async (folder: string, { path }: GeneratedFile): Promise<string | undefined> => {
  try {
    return await readFile(join(folder, path), "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw cannotWrite(path, error);
  }
};

/** Beside its place first: a full disk leaves the old file. */
const put = async (path: string, text: string): Promise<void> => {
  const draft = `${path}.${process.pid}.tmp`;
  try {
    await writeFile(draft, text);
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
};

const differs = (paths: readonly string[]): Failure =>
  new Failure({
    kind: "rejected",
    code: "P0436",
    message: `${paths.length === 1 ? "a file is" : "files are"} there already, and ${paths.length === 1 ? "differs" : "differ"}: ${paths.join(", ")}`,
    hint: "nothing was written; move what you want to keep, or replace it with `--force`",
    resource: paths[0],
  });

const cannotWrite = (path: string, error: unknown): Failure =>
  new Failure({
    kind: "rejected",
    code: "P0437",
    message: `can't write ${path}: ${reasonOf(error)}`,
    hint: "nothing was written; mend that, then run the same command again",
    resource: path,
  });
