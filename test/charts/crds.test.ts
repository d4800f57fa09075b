/** A chart's own `crds` folder, read from a folder and from a package as Helm writes it. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, expect, test } from "vitest";
import { readCrds } from "../../src/charts/crds.ts";

const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

const temporary = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), "provision-crds-"));
  folders.push(folder);
  return folder;
};

type Files = Readonly<Record<string, string>>;

const asFolder = async (files: Files): Promise<string> => {
  const folder = await temporary();
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  return folder;
};

const header = (name: string, size: number): Buffer => {
  const block = Buffer.alloc(512);
  const cut = name.length > 100 ? name.lastIndexOf("/", 150) : -1;
  block.write(name.slice(cut + 1), 0);
  block.write(`${size.toString(8).padStart(11, "0")}\0`, 124);
  block.write("0", 156);
  block.write("ustar\u000000", 257);
  if (cut > 0) block.write(name.slice(0, cut), 345);
  return block;
};

const asPackage = async (files: Files): Promise<string> => {
  const blocks = Object.entries(files).flatMap(([name, text]) => {
    const content = Buffer.from(text);
    const padding = Buffer.alloc((512 - (content.byteLength % 512)) % 512);
    return [header(`demo/${name}`, content.byteLength), content, padding];
  });
  const path = join(await temporary(), "demo.tgz");
  await writeFile(path, gzipSync(Buffer.concat([...blocks, Buffer.alloc(1024)])));
  return path;
};

const long = `crds/${"long-".repeat(20)}/c.yml`;
const files: Files = {
  "Chart.yaml": "name: demo",
  "crds/b.yaml": "second",
  "crds/a.yaml": `first ${"x".repeat(600)}`,
  [long]: "third",
  "crds/README.md": "no manifest",
  "templates/crds/d.yaml": "of a template",
};

test.each([
  ["a folder", asFolder],
  ["a package", asPackage],
])("the manifests of %s, in the order of their names", async (_, make) => {
  expect(await readCrds(await make(files))).toEqual({
    own: [`first ${"x".repeat(600)}`, "second", "third"],
    nested: false,
  });
  expect(await readCrds(await make({ "Chart.yaml": "name: demo" }))).toEqual({ own: [], nested: false });
});

test.each(["charts/inner/crds/x.yaml", "charts/inner-1.0.0.tgz"])(
  "with %s a chart inside it may have some",
  async (name) => {
    expect(await readCrds(await asPackage({ ...files, [name]: "inner" }))).toMatchObject({ nested: true });
  },
);
