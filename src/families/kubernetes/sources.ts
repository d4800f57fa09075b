/** Reads the manifest files that a set names, from the pipeline's folder. */
import { readdir, readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { Failure } from "../../step/failure.ts";

export interface SourceNames {
  readonly files: readonly string[];
  readonly folder?: string | undefined;
}

export interface Source {
  /** As the pipeline names it, or inside the folder that it names. */
  readonly path: string;
  readonly text: string;
}

const isManifest = (name: string): boolean => /\.(ya?ml|json)$/.test(name);

const unreadable = (path: string, cause: unknown): Failure =>
  new Failure(
    {
      kind: "rejected",
      code: "P0711",
      message: `${path} can't be read`,
      resource: path,
      hint: "Paths start at the pipeline's folder.",
    },
    { cause },
  );

const attempt = async <Result>(path: string, reading: Promise<Result>): Promise<Result> => {
  try {
    return await reading;
  } catch (error) {
    throw unreadable(path, error);
  }
};

/** Manifests directly in the folder, by name; those in folders below it are not read, as with `kubectl apply -f`. */
const filesIn = async (directory: string, folder: string): Promise<readonly string[]> => {
  const entries = await attempt(folder, readdir(resolve(directory, folder), { withFileTypes: true }));
  return entries
    .filter((entry) => !entry.isDirectory() && isManifest(entry.name))
    .map((entry) => `${folder.replace(/\/$/, "")}/${entry.name}`)
    .sort();
};

/** @throws Failure `rejected` (P0711) naming the first path that can't be read. */
export const readSources = async (directory: string, names: SourceNames): Promise<readonly Source[]> => {
  const inFolder = names.folder === undefined ? [] : await filesIn(directory, names.folder);
  return Promise.all(
    [...names.files, ...inFolder].map(async (path) => ({
      path,
      text: await attempt(path, readFile(resolve(directory, path), "utf8")),
    })),
  );
};

/** As far as they can be read: what a set came from last time may be gone, which is for the next apply to say. */
export const readSourcesThatAreThere = async (
  directory: string,
  names: SourceNames,
): Promise<readonly Source[]> => {
  const parts = [
    ...names.files.map((file): SourceNames => ({ files: [file] })),
    { files: [], folder: names.folder },
  ];
  const read = await Promise.all(parts.map((part) => readSources(directory, part).catch(() => [])));
  return read.flat();
};
