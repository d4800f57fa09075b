/** The Helm 4 and the Helm 3 of this machine, for tests that run with both. */
import { readdir } from "node:fs/promises";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { execa } from "execa";
import { bundledTool } from "../../src/clients/helm/bundled.ts";
import { root } from "./command.ts";

export interface TestedHelm {
  /** With what is missing, where it is. */
  readonly title: string;
  readonly path: string | undefined;
}

const isMajor = async (path: string, major: 3 | 4): Promise<boolean> => {
  const { stdout } = await execa(path, ["version", "--template", "{{.Version}}"], { reject: false });
  return new RegExp(`^v${major}\\.`).test(String(stdout));
};

const onPath = (names: readonly string[]): readonly string[] =>
  (process.env.PATH ?? "").split(delimiter).flatMap((folder) => names.map((name) => join(folder, name)));

/** Where the testbed keeps the Helm 3 that it builds. */
const testbedCache =
  process.env.PROVISION_TESTBED_CACHE ??
  join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "aks-provision", "testbed");

const ofTestbed = async (): Promise<readonly string[]> =>
  (await readdir(testbedCache).catch(() => []))
    .filter((name) => /^helm3-[0-9a-f]+$/.test(name))
    .map((name) => join(testbedCache, name));

const find = async (major: 3 | 4, paths: readonly (string | undefined)[]): Promise<TestedHelm> => {
  for (const path of paths)
    if (path !== undefined && (await isMajor(path, major))) return { title: `Helm ${major}`, path };
  return {
    title: `Helm ${major} (skipped: none on the PATH, in PROVISION_HELM3 or built by the testbed)`,
    path: undefined,
  };
};

export const testedHelms = async (): Promise<readonly TestedHelm[]> => [
  await find(4, [process.env.PROVISION_HELM, await bundledTool(root, "helm"), ...onPath(["helm"])]),
  await find(3, [process.env.PROVISION_HELM3, ...onPath(["helm3", "helm"]), ...(await ofTestbed())]),
];
