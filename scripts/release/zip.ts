/**
 * Zip archives, read and written so that the same files give the same bytes: sorted, with one fixed time. Only what a
 * VSIX needs: no encryption, no archive over 4 GB. The format: PKWARE's APPNOTE.TXT 6.3.10, section 4.3.
 */
import { crc32, deflateRawSync, inflateRawSync } from "node:zlib";

/** Path with `/` → content. */
export type Files = ReadonlyMap<string, Buffer>;

const localHeader = 0x04034b50;
const centralHeader = 0x02014b50;
const endOfDirectory = 0x06054b50;
const stored = 0;
const deflated = 8;
/** 1980-01-01, 0:00: the earliest that the format can say. */
const fixedDate = 0x0021;
const utf8Names = 0x0800;
/** A plain file that everybody may read, made on Unix. */
const attributes = 0o100644 * 0x10000;
const madeOnUnix = (3 << 8) | 20;

/** @throws where it is no zip archive, or a content does not match its checksum. */
export const readZip = (archive: Buffer): Files => {
  const end = archive.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  if (end < 0) throw new Error("This is no zip archive");
  const files = new Map<string, Buffer>();
  let at = archive.readUInt32LE(end + 16);
  for (let left = archive.readUInt16LE(end + 10); left > 0; left--) {
    if (archive.readUInt32LE(at) !== centralHeader) throw new Error("The zip archive's directory is broken");
    const [method, checksum, size] = [
      archive.readUInt16LE(at + 10),
      archive.readUInt32LE(at + 16),
      archive.readUInt32LE(at + 20),
    ];
    const lengths = [28, 30, 32].map((offset) => archive.readUInt16LE(at + offset));
    const [nameLength = 0] = lengths;
    const name = archive.toString("utf8", at + 46, at + 46 + nameLength);
    const header = archive.readUInt32LE(at + 42);
    const start = header + 30 + archive.readUInt16LE(header + 26) + archive.readUInt16LE(header + 28);
    const packed = archive.subarray(start, start + size);
    if (!name.endsWith("/")) {
      if (method !== stored && method !== deflated)
        throw new Error(`${name}: compressed by method ${method}`);
      const content = method === stored ? Buffer.from(packed) : inflateRawSync(packed);
      if (crc32(content) !== checksum) throw new Error(`${name}: the content does not match its checksum`);
      files.set(name, content);
    }
    at += 46 + lengths.reduce((sum, length) => sum + length, 0);
  }
  return files;
};

/** An archive of the files, sorted by name. */
export const writeZip = (files: Files): Buffer => {
  const local: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [path, content] of [...files].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const name = Buffer.from(path, "utf8");
    const packed = deflateRawSync(content, { level: 9 });
    // What both headers say, from the version that is needed to the length of the name.
    const shared = Buffer.alloc(26);
    shared.writeUInt16LE(20, 0);
    shared.writeUInt16LE(utf8Names, 2);
    shared.writeUInt16LE(deflated, 4);
    shared.writeUInt16LE(fixedDate, 8);
    shared.writeUInt32LE(crc32(content), 10);
    shared.writeUInt32LE(packed.length, 14);
    shared.writeUInt32LE(content.length, 18);
    shared.writeUInt16LE(name.length, 22);
    local.push(word(localHeader), shared, name, packed);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(attributes, 6);
    rest.writeUInt32LE(offset, 10);
    directory.push(
      word(centralHeader),
      Buffer.from([madeOnUnix & 0xff, madeOnUnix >> 8]),
      shared,
      rest,
      name,
    );
    offset += 30 + name.length + packed.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(files.size, 4);
  end.writeUInt16LE(files.size, 6);
  end.writeUInt32LE(central.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...local, central, word(endOfDirectory), end]);
};

const word = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
};
