/**
 * The GitHub Action: a folder that becomes a commit, since GitHub takes an action as it stands in a repository. The
 * version's tag names that commit, so what people read is there, too. It has no templates: only `provision init` reads
 * those, and the action never runs it.
 */

import { type Release, writeContents } from "./contents.ts";
import { bundleManifest } from "./product.ts";
import { copyFolder, copyInto, json, settleModes, writeInto } from "./stage.ts";

export const stageAction = async (release: Release, folder: string): Promise<void> => {
  const { root, product } = release;
  await writeContents(release, {
    folder,
    // The command is there for Helm and kubectl, which log in by `provision kubernetes-token`.
    entries: ["github-action", "cli", "sandbox"],
    as: { name: product.slug, purl: `pkg:github/${product.slug}@v${product.version}` },
  });
  for (const file of ["action.yml", "README.md", "CHANGELOG.md", "CONTRIBUTING.md", "schema.json"])
    await copyInto(folder, root, { [file]: file });
  for (const part of ["docs", "pipelines"]) await copyFolder(folder, root, part);
  await writeInto(folder, { "package.json": json(bundleManifest(product)) });
  await settleModes(folder);
};
