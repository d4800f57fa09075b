/**
 * The extension of Azure DevOps with the Azure Pipelines task, packed by the vendor's tfx, which knows the form. It
 * brings 69 MB, so it is no dependency; npx gets it from the registry. What it makes is packed anew with fixed times
 * and order, and holds what it was given and no more: tfx is others' code, of which only its own version is pinned.
 */
import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { extensionManifest, taskManifest, taskPackage } from "../../src/hosts/azure-task/manifests.ts";
import { type Release, sbomFile, writeContents } from "./contents.ts";
import { packer, program } from "./program.ts";
import { copyInto, filesIn, json, settleModes, writeInto } from "./stage.ts";
import { type Files, readZip, writeZip } from "./zip.ts";

const sources = "src/hosts/azure-task/extension";
const manifestFile = "vss-extension.json";
/** What tfx adds: https://learn.microsoft.com/azure/devops/extend/develop/manifest describes what it makes them of. */
const added = ["[Content_Types].xml", "extension.vsixmanifest", "extension.vsomanifest"];

const named = z.looseObject({ publisher: z.string(), id: z.string() });

/** Packs it into `out`, with its SBOM beside it, and gives the archive's name. */
export const packExtension = async (
  release: Release,
  action: string,
  folder: string,
  out: string,
): Promise<string> => {
  const { root, product } = release;
  const source = async (name: string) =>
    z.looseObject({}).parse(JSON.parse(await readFile(join(root, sources, name), "utf8")));
  const { publisher, id } = named.parse(await source(manifestFile));
  await writeContents(release, {
    folder: join(folder, "task"),
    entries: ["azure-task", "cli", "sandbox"],
    action,
    as: { name: `${publisher}.${id}` },
  });
  await copyInto(folder, root, {
    LICENSE: "LICENSE",
    "overview.md": `${sources}/overview.md`,
    "images/icon.png": `${sources}/extension-icon.png`,
    "task/icon.png": `${sources}/task-icon.png`,
  });
  await writeInto(folder, {
    [manifestFile]: json(extensionManifest(await source(manifestFile), product)),
    "task/task.json": json(taskManifest(await source("task.json"), product)),
    "task/package.json": json(taskPackage(product)),
  });
  await settleModes(folder);

  const draft = join(folder, "..", "draft.vsix");
  await program(
    "npx",
    ["--yes", packer, "extension", "create", "--root", folder, "--manifests", manifestFile].concat([
      "--output-path",
      draft,
      "--no-prompt",
      "--no-color",
      "--json",
    ]),
    folder,
  );
  const files = readZip(await readFile(draft));
  await holdsWhatWasGiven(files, folder);
  const name = `${publisher}.${id}-${product.version}.vsix`;
  await mkdir(out, { recursive: true });
  await writeFile(join(out, name), writeZip(files));
  await copyFile(join(folder, "task", sbomFile), join(out, `${name}.cdx.json`));
  return name;
};

/** @throws where the packer left a file out, changed it or added another. */
const holdsWhatWasGiven = async (files: Files, folder: string): Promise<void> => {
  const given = (await filesIn(folder)).filter((file) => file !== manifestFile);
  const strange = [...files.keys()].filter((file) => !given.includes(file) && !added.includes(file));
  if (strange.length > 0) throw new Error(`${packer} packed what it was not given: ${strange.join(", ")}`);
  for (const file of given) {
    const packed = files.get(file);
    if (!packed?.equals(await readFile(join(folder, file))))
      throw new Error(`${packer} packed ${file} otherwise than it was given`);
  }
};
