/** Finds the Helm program: the one that is named, the one on the PATH, or the one that the checkout brings. */
import { constants } from "node:fs";
import { access, readFile } from "node:fs/promises";
import { delimiter, dirname, isAbsolute, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Failure } from "../../step/failure.ts";
import { bundledTool } from "./bundled.ts";

export interface Candidates {
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** Folder of this package's `package.json`; only a checkout has tools below it. */
  readonly root: string | undefined;
}

/** Path of a Helm that can be run. Throws `missing-tool` with what to do. */
export const locateHelm = async ({ variables, root }: Candidates): Promise<string> => {
  const named = variables.PROVISION_HELM;
  if (named) {
    if (await executable(named)) return named;
    throw new Failure({
      kind: "missing-tool",
      code: "P0750",
      message: `PROVISION_HELM names \`${named}\`, which is not a program that can be run`,
      hint: "set PROVISION_HELM to the path of a Helm 3 or 4, or unset it to use the one on the PATH",
    });
  }
  for (const path of candidatesOnPath(variables)) if (await executable(path)) return path;
  const brought = root === undefined ? undefined : await bundledTool(root, "helm");
  if (brought !== undefined) return brought;
  throw new Failure({
    kind: "missing-tool",
    code: "P0750",
    message: "Helm was not found",
    hint: "install Helm 3 or 4 (https://helm.sh/docs/intro/install) and have it on the PATH, or name it in PROVISION_HELM",
  });
};

/** Where `helm` may be on the PATH, in its order. Relative entries are left out, as they depend on the folder. */
export const candidatesOnPath = (
  variables: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform = process.platform,
): readonly string[] =>
  (variables.PATH ?? variables.Path ?? "")
    .split(delimiter)
    .filter((folder) => isAbsolute(folder))
    .map((folder) => join(folder, platform === "win32" ? "helm.exe" : "helm"));

const executable = async (path: string): Promise<boolean> =>
  access(path, constants.X_OK).then(
    () => true,
    () => false,
  );

/** The folder of this package, whether it runs from `src/` or as a bundle; `undefined` where it stands alone. */
export const packageRoot = async (from: string = import.meta.url): Promise<string | undefined> => {
  let folder = dirname(fileURLToPath(from));
  for (;;) {
    const text = await readFile(join(folder, "package.json"), "utf8").catch(() => undefined);
    if (text?.includes('"name": "aks-provision"')) return folder;
    const parent = dirname(folder);
    if (parent === folder) return undefined;
    folder = parent;
  }
};
