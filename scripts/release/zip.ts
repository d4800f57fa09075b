/**
 * Zip archives, read and written so that the same files give the same bytes: sorted, with one fixed time. Only what a
 * VSIX needs: no encryption, no archive over 4 GB. The format: PKWARE's APPNOTE.TXT 6.3.10, section 4.3.
 */
import { crc32, deflateRawSync } from "node:zlib";
import { zipEntries } from "../../src/clients/helm/zip.ts";

/** Path with `/` → content. */
export type Files = ReadonlyMap<string, Buffer>;

const localHeader = 0x04034b50;
const centralHeader = 0x02014b50;
const endOfDirectory = 0x06054b50;
const deflated = 8;
/** 1980-01-01, 0:00: the earliest that the format can say. */
const fixedDate = 0x0021;
const utf8Names = 0x0800;
/** A plain file that everybody may read, made on Unix. */
const attributes = 0o100644 * 0x10000;
const madeOnUnix = (3 << 8) | 20;

/** @throws where it is no zip archive, or a content does not match its checksum. */
export const readZip = (archive: Buffer): Files => {
  const entries = zipEntries(archive);
  if (!entries) throw new Error("This is no zip archive");
  return new Map(
    entries
      .filter(({ name }) => !name.endsWith("/"))
      .map((entry) => {
        const content = entry.read();
        if (!content) throw new Error(`${entry.name}: the content does not match its checksum`);
        return [entry.name, content];
      }),
  );
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
