import { crc32, deflateRawSync } from "node:zlib";
import { expect, test } from "vitest";
import { readZipEntry } from "../../../src/clients/helm/zip.ts";

/** An archive of one deflated file, as PKWARE's APPNOTE lays it out. */
const zip = (name: string, text: string): Buffer => {
  const content = Buffer.from(text);
  const packed = deflateRawSync(content);
  const local = Buffer.alloc(30 + name.length);
  local.writeUInt32LE(0x04034b50, 0);
  local.writeUInt16LE(name.length, 26);
  local.write(name, 30);
  const entry = Buffer.alloc(46 + name.length);
  entry.writeUInt32LE(0x02014b50, 0);
  entry.writeUInt16LE(8, 10);
  entry.writeUInt32LE(crc32(content), 16);
  entry.writeUInt32LE(packed.byteLength, 20);
  entry.writeUInt16LE(name.length, 28);
  entry.write(name, 46);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(local.byteLength + packed.byteLength, 16);
  return Buffer.concat([local, packed, entry, end]);
};

test("a file comes out as it went in", () => {
  expect(readZipEntry(zip("helm/helm", "program"), "helm/helm")?.toString()).toBe("program");
});

test("a file that is not in the archive is undefined", () => {
  expect(readZipEntry(zip("helm/helm", "program"), "kubectl/kubectl")).toBeUndefined();
});

test("a damaged file is refused", () => {
  const archive = zip("helm/helm", "program");
  archive.writeUInt32LE(1, archive.lastIndexOf(Buffer.from("PK\x01\x02")) + 16);
  expect(() => readZipEntry(archive, "helm/helm")).toThrow("damaged");
});

test("what is no archive is refused", () => {
  expect(() => readZipEntry(Buffer.from("plain text"), "x")).toThrow("not a ZIP");
});
