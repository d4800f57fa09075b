/**
 * Packs a chart folder into the `.tgz` that Helm expects, byte for byte the same on every run: names sorted, no
 * times, no owners. `helm package` of Helm 3 writes the time of packing into it, which no digest survives.
 */
import { readdir, readFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { gzipSync } from "node:zlib";

export interface ArchiveFile {
  /** Below the archive's root, with slashes. */
  readonly name: string;
  readonly content: Buffer;
}

/** All files of a folder, named below `prefix`. */
export const filesOf = async (folder: string, prefix: string): Promise<readonly ArchiveFile[]> => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Promise.all(
    paths.map(async (path) => ({
      name: `${prefix}/${relative(folder, path).split(sep).join("/")}`,
      content: await readFile(path),
    })),
  );
};

const block = 512;

/** A gzipped ustar archive (POSIX.1-1988) of the files. Names are limited to the format's 255 bytes. */
export const packTgz = (files: readonly ArchiveFile[]): Buffer => {
  const sorted = files.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const parts = sorted.flatMap(({ name, content }) => [
    header(name, content.byteLength),
    content,
    Buffer.alloc((block - (content.byteLength % block)) % block),
  ]);
  const packed = gzipSync(Buffer.concat([...parts, Buffer.alloc(2 * block)]), { level: 9 });
  // Byte 9 of a gzip header names the operating system; 255 stands for unknown (RFC 1952, 2.3).
  packed[9] = 255;
  return packed;
};

const header = (path: string, size: number): Buffer => {
  const { prefix, name } = splitName(path);
  const bytes = Buffer.alloc(block);
  bytes.write(name, 0, "utf8");
  bytes.write("0000644\0", 100);
  bytes.write("0000000\0", 108);
  bytes.write("0000000\0", 116);
  bytes.write(`${size.toString(8).padStart(11, "0")}\0`, 124);
  bytes.write("00000000000\0", 136);
  bytes.write(" ".repeat(8), 148);
  bytes.write("0", 156);
  bytes.write("ustar\x0000", 257);
  bytes.write(prefix, 345, "utf8");
  const sum = bytes.reduce((total, byte) => total + byte, 0);
  bytes.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return bytes;
};

const splitName = (path: string): { readonly prefix: string; readonly name: string } => {
  if (Buffer.byteLength(path) <= 100) return { prefix: "", name: path };
  for (let at = path.indexOf("/"); at > 0; at = path.indexOf("/", at + 1)) {
    const name = path.slice(at + 1);
    if (Buffer.byteLength(name) <= 100 && at <= 155) return { prefix: path.slice(0, at), name };
  }
  throw new Error(`${path} is too long a name for a chart archive`);
};
