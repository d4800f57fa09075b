/**
 * Reads what is in a chart's `crds` folder, which Helm installs before all else and only once. Charts inside the chart
 * may have such folders, too: those are Helm's alone, which knows which of these charts are switched on.
 */
import { readdir, readFile, stat } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";

export interface ChartCrds {
  /** Texts of the chart's own files, in the order of their names. */
  readonly own: readonly string[];
  /** Whether a chart inside it has some. */
  readonly nested: boolean;
}

interface ChartFile {
  /** From the chart's folder on, with `/`. */
  readonly name: string;
  text(): Promise<string>;
}

/** Files that Helm takes for manifests: pkg/chart/v2/chart.go. */
const manifest = /\.(ya?ml|json)$/;

/** `path`: a package or a folder. */
export const readCrds = async (path: string): Promise<ChartCrds> => {
  const files = (await stat(path)).isDirectory() ? await filesOfFolder(path) : await filesOfPackage(path);
  const own = files
    .filter(({ name }) => name.startsWith("crds/") && manifest.test(name))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return {
    own: await Promise.all(own.map((file) => file.text())),
    // A package inside may have some: nobody looks into it.
    nested: files.some(({ name }) => /^charts\/(.+\/crds\/.+|[^/]+\.tgz)$/.test(name)),
  };
};

const filesOfFolder = async (folder: string): Promise<readonly ChartFile[]> =>
  (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return { name: relative(folder, path).split(sep).join("/"), text: () => readFile(path, "utf8") };
    });

const unzip = promisify(gunzip);

/** POSIX ustar: a header of 512 bytes, then the content in blocks of 512. A chart's files are below its name. */
const filesOfPackage = async (path: string): Promise<readonly ChartFile[]> => {
  const archive = await unzip(await readFile(path));
  const files: ChartFile[] = [];
  for (let at = 0; at + 512 <= archive.byteLength; ) {
    const header = archive.subarray(at, at + 512);
    const text = (from: number, length: number): string =>
      header.toString("utf8", from, from + length).replace(/\0.*$/s, "");
    const size = Number.parseInt(text(124, 12).trim() || "0", 8);
    const prefix = text(345, 155);
    const name = `${prefix === "" ? "" : `${prefix}/`}${text(0, 100)}`;
    const content = archive.subarray(at + 512, at + 512 + size);
    const isFile = header[156] === 0x30 || header[156] === 0;
    if (isFile && name !== "")
      files.push({ name: name.slice(name.indexOf("/") + 1), text: async () => content.toString("utf8") });
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return files;
};
