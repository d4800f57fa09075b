/** The npm package: a folder with what is published, packed by npm itself. */
import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { type Release, sbomFile, writeContents } from "./contents.ts";
import { publishedManifest } from "./product.ts";
import { program } from "./program.ts";
import { copyFolder, copyInto, json, settleModes, writeInto } from "./stage.ts";

const packed = z.array(z.object({ filename: z.string() })).length(1);

/**
 * Packs it into `out`, with its SBOM beside it, and gives the archive's name.
 * @param action `owner/name@commit` of this release's action, for `provision init`
 */
export const packTarball = async (
  release: Release,
  action: string,
  folder: string,
  out: string,
): Promise<string> => {
  const { root, product, manifest } = release;
  const { name, version } = product;
  const purl = `pkg:npm/${name}@${version}`;
  await writeContents(release, { folder, entries: ["cli", "sandbox"], action, as: { name, purl } });
  await copyInto(folder, root, {
    "README.md": "README.md",
    "CHANGELOG.md": "CHANGELOG.md",
    "schema.json": "schema.json",
  });
  for (const part of ["pipelines", "templates"]) await copyFolder(folder, root, part);
  await writeInto(folder, { "package.json": json(publishedManifest(manifest)) });
  // npm keeps the modes that it finds, and sets the time and the order by itself.
  await settleModes(folder);
  const [archive] = packed.parse(
    JSON.parse(await program("npm", ["pack", "--json", "--pack-destination", out], folder)),
  );
  if (archive === undefined) throw new Error("npm packed nothing");
  await copyFile(join(folder, sbomFile), join(out, `${archive.filename}.cdx.json`));
  return archive.filename;
};
