/**
 * Builds what is released into a folder: the GitHub Action, the extension with the Azure Pipelines task, the npm package,
 * and of each what is inside it. The same commit gives the same bytes. Nothing is pushed or published; the end says
 * how a person does that. `--dry-run` leaves the repository alone and takes a work tree that has changes.
 */
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";
import { parseArgs } from "node:util";
import { stageAction } from "./release/action.ts";
import { parseLock } from "./release/bundled.ts";
import { checksums, checksumsFile } from "./release/checksums.ts";
import { actionCommit } from "./release/commit.ts";
import type { Release } from "./release/contents.ts";
import { packExtension } from "./release/extension.ts";
import { refuseOthers, replace } from "./release/folder.ts";
import { afterDryRun, afterRelease } from "./release/next.ts";
import { readProduct } from "./release/product.ts";
import { refuse } from "./release/refusals.ts";
import { keeps, measure, table } from "./release/sizes.ts";
import { readSource } from "./release/source.ts";
import { packTarball } from "./release/tarball.ts";

const root = resolve(import.meta.dirname, "..");
const read = (path: string) => readFile(join(root, path), "utf8");

/** All of it, in a folder of its own, which is gone at the end. */
const build = async (scratch: string, out: string, dryRun: boolean): Promise<void> => {
  const manifest = await read("package.json");
  const product = readProduct(manifest);
  const source = await readSource(root);
  const { version, slug } = product;
  refuse({ version, changelog: await read("CHANGELOG.md"), source, dryRun });
  await refuseOthers(out);
  const changed = source.changed.length === 0 ? "" : ", and what is changed in the work tree";
  console.log(`${product.name} ${version} of commit ${source.commit}${changed}`);

  const release: Release = {
    root,
    product,
    source,
    manifest,
    lock: parseLock(await read("package-lock.json")),
  };
  const finished = join(scratch, "finished");
  const action = join(finished, "action");
  await mkdir(finished);
  await stageAction(release, action);
  const message = `v${version}: the action, built of ${source.commit}`;
  const commit = await actionCommit({ root, folder: action, source, message, keep: !dryRun });
  const named = `${slug}@${commit}`;
  console.log(`the action: ${named}`);
  const extension = await packExtension(release, named, join(scratch, "extension"), finished);
  const tarball = await packTarball(release, named, join(scratch, "package"), finished);
  await writeFile(join(finished, checksumsFile), await checksums(finished));

  const sizes = await measure(finished, tarball, extension);
  console.log(table(sizes));
  if (!sizes.every(keeps)) throw new Error("An artefact is larger than it may be; nothing was written.");
  await replace(out, finished);
  // npm takes a path for one only where it begins like one.
  const typed = `./${relative(process.cwd(), out)}`;
  const next = dryRun ? afterDryRun : afterRelease;
  console.log(`\n${next({ out: typed, version, slug, commit, tarball, extension })}`);
};

const scratch = await mkdtemp(join(tmpdir(), "provision-release-"));
try {
  const { values } = parseArgs({
    options: { "dry-run": { type: "boolean", default: false }, out: { type: "string", default: "release" } },
  });
  await build(scratch, resolve(values.out), values["dry-run"]);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  await rm(scratch, { recursive: true });
}
