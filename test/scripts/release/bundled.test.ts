/** Which packages a bundle holds, by esbuild's account, the lock file and what is installed. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { bundledPackages, parseLock, placeOf, placesIn } from "../../../scripts/release/bundled.ts";

const output = (inputs: Readonly<Record<string, number>>) => ({
  bytes: 1,
  imports: [],
  exports: [],
  inputs: Object.fromEntries(
    Object.entries(inputs).map(([path, bytesInOutput]) => [path, { bytesInOutput }]),
  ),
});

test("a file's package is the innermost folder of node_modules that it lies in", () => {
  expect(placeOf("node_modules/yaml/dist/index.js")).toBe("node_modules/yaml");
  expect(placeOf("node_modules/@azure/identity/dist/index.js")).toBe("node_modules/@azure/identity");
  expect(placeOf("../elsewhere/node_modules/a/node_modules/@b/c/d.js")).toBe(
    "node_modules/a/node_modules/@b/c",
  );
  expect(placeOf("src/hosts/cli/main.ts")).toBeUndefined();
});

test("only packages of which a byte is in an output count", () => {
  const outputs = {
    "dist/cli.js": output({ "src/main.ts": 10, "node_modules/zod/index.js": 5, "node_modules/left/x.js": 0 }),
    "dist/chunk.js": output({ "node_modules/execa/a.js": 7, "node_modules/execa/b.js": 9 }),
  };
  expect(placesIn({ outputs })).toEqual(["node_modules/execa", "node_modules/zod"]);
});

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "provision-bundled-"));
});
afterEach(() => rm(root, { recursive: true }));

const install = async (place: string, version: string) => {
  await mkdir(join(root, place), { recursive: true });
  const name = place.split("node_modules/").at(-1);
  await writeFile(join(root, place, "package.json"), JSON.stringify({ name, version, license: "MIT" }));
  await writeFile(join(root, place, "LICENSE.md"), `Licence of ${name}`);
  await writeFile(join(root, place, "index.js"), "");
};

const locked = (version: string, dependencies: Readonly<Record<string, string>> = {}) => ({
  version,
  integrity: `sha512-${Buffer.alloc(64, 7).toString("base64")}`,
  dependencies,
});

const outputs = {
  "dist/cli.js": output({
    "node_modules/a/index.js": 1,
    "node_modules/b/index.js": 1,
    "node_modules/a/node_modules/b/index.js": 1,
  }),
};

test("each brings its digest, its licence's text and the copies that it really gets of what it needs", async () => {
  await install("node_modules/a", "1.0.0");
  await install("node_modules/b", "2.0.0");
  await install("node_modules/a/node_modules/b", "1.0.0");
  const lock = parseLock(
    JSON.stringify({
      packages: {
        "node_modules/a": locked("1.0.0", { b: "^1.0.0" }),
        "node_modules/b": locked("2.0.0", { a: "*", "not-in-the-bundle": "*" }),
        "node_modules/a/node_modules/b": locked("1.0.0"),
        "node_modules/not-in-the-bundle": locked("1.0.0"),
      },
    }),
  );
  const found = await bundledPackages(root, { outputs }, lock);
  expect(found.map(({ place, dependsOn }) => [place, dependsOn])).toEqual([
    ["node_modules/a", ["node_modules/a/node_modules/b"]],
    ["node_modules/a/node_modules/b", []],
    ["node_modules/b", ["node_modules/a"]],
  ]);
  expect(found[0]).toMatchObject({
    name: "a",
    version: "1.0.0",
    licence: "MIT",
    sha512: "07".repeat(64),
    texts: { "LICENSE.md": "Licence of a" },
  });
});

test("what is installed otherwise than it is locked is refused", async () => {
  await install("node_modules/a", "1.0.1");
  const lock = parseLock(JSON.stringify({ packages: { "node_modules/a": locked("1.0.0") } }));
  const one = { "dist/cli.js": output({ "node_modules/a/index.js": 1 }) };
  await expect(bundledPackages(root, { outputs: one }, lock)).rejects.toThrow(
    "node_modules/a is 1.0.1, and package-lock.json has 1.0.0: run npm ci",
  );
});
