/** What follows from the steps is committed as `npm run generate` writes it, and every step stays in the subset. */
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { generatedFiles, ownedFolders } from "../../scripts/generate/files.ts";

const root = resolve(import.meta.dirname, "../..");
// Throws, with the step and the path of the field, where a schema is outside the closed subset of zod.
const wanted = await generatedFiles(root);

test.each([...wanted.keys()])("%s is what `npm run generate` writes", (path) => {
  expect(readFileSync(join(root, path), "utf8")).toBe(wanted.get(path));
});

test.each(ownedFolders)("%s holds nothing else", (folder) => {
  expect(readdirSync(join(root, folder)).filter((name) => !wanted.has(`${folder}/${name}`))).toEqual([]);
});
