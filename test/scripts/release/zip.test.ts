/** Zip archives that are the same bytes for the same files. */
import { expect, test } from "vitest";
import { readZip, writeZip } from "../../../scripts/release/zip.ts";

const files = new Map([
  ["task/task.json", Buffer.from('{"name":"Provision"}')],
  ["[Content_Types].xml", Buffer.from("<Types/>")],
  ["images/Größe.png", Buffer.from([0, 1, 2, 255])],
  ["empty", Buffer.alloc(0)],
]);

test("what is written is read again, sorted by name", () => {
  const read = readZip(writeZip(files));
  expect([...read.keys()]).toEqual(["[Content_Types].xml", "empty", "images/Größe.png", "task/task.json"]);
  for (const [name, content] of files) expect(read.get(name)).toEqual(content);
});

test("the order in which files come makes no difference", () => {
  expect(writeZip(new Map([...files].reverse()))).toEqual(writeZip(files));
});

test("a content that was changed is found", () => {
  const archive = writeZip(new Map([["a", Buffer.from("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]]));
  // The checksum in the archive's directory, which begins behind the local header, the name and the content.
  const directory = archive.indexOf(Buffer.from([0x50, 0x4b, 0x01, 0x02]));
  archive.writeUInt8(archive.readUInt8(directory + 16) ^ 1, directory + 16);
  expect(() => readZip(archive)).toThrow("a: the content does not match its checksum");
  expect(() => readZip(Buffer.from("no archive"))).toThrow("This is no zip archive");
});
