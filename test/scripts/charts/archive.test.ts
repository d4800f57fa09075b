import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { packTgz } from "../../../scripts/charts/archive.ts";

const file = (name: string, text: string) => ({ name, content: Buffer.from(text) });

test("the same files give the same bytes, in whatever order they are read", () => {
  const files = [
    file("x/Chart.yaml", "name: x\n"),
    file("x/values.yaml", ""),
    file("x/templates/a.yaml", "a: 1\n"),
  ];
  expect(packTgz(files).equals(packTgz(files.toReversed()))).toBe(true);
});

test("each file is a ustar member with its name, size and content", () => {
  const tar = gunzipSync(packTgz([file("x/Chart.yaml", "name: x\n")]));
  expect(tar.toString("utf8", 0, 12)).toBe("x/Chart.yaml");
  expect(Number.parseInt(tar.toString("latin1", 124, 135), 8)).toBe(8);
  expect(tar.toString("latin1", 257, 262)).toBe("ustar");
  expect(tar.toString("utf8", 512, 520)).toBe("name: x\n");
  expect(tar.byteLength % 512).toBe(0);
});

test("a name over 100 bytes is split between prefix and name", () => {
  const folder = `x/${"f".repeat(90)}`;
  const tar = gunzipSync(packTgz([file(`${folder}/${"n".repeat(40)}`, "")]));
  expect(tar.toString("utf8", 0, 40)).toBe("n".repeat(40));
  expect(tar.toString("utf8", 345, 345 + folder.length)).toBe(folder);
});
