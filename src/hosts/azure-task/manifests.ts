/**
 * What Azure DevOps reads of the extension and its task: the two files of `extension/`, with version, addresses and
 * restrictions filled in. For whoever packs the extension; the task itself does not load it.
 *
 * A packed extension is a folder with
 * - `vss-extension.json` (`extensionManifest`), `overview.md`, `LICENSE`, `images/icon.png` (extension-icon.png);
 * - `task/`: `task.json` (`taskManifest`), `icon.png` (task-icon.png), `package.json` (`taskPackage`) and all of `dist/`.
 */
import { settablePattern } from "./output-names.ts";

export interface Product {
  /** `major.minor.patch`. */
  readonly version: string;
  /** Address of the repository, without a slash at the end. */
  readonly repository: string;
}

/**
 * `task.json`. `Provision@0` in a pipeline is the newest version whose major number is 0.
 *
 * Commands are not restricted: in restricted mode the agent refuses `task.uploadsummary` (only commands with
 * `AllowedInRestrictedMode` pass: microsoft/azure-pipelines-agent, TaskCommandExtension.cs), and a plan without its
 * summary is of little use to those who approve it. What restricted mode would leave open, and could steer later steps,
 * is closed: the names of variables, and with `PATH` among them `task.prependpath`.
 */
export const taskManifest = (source: object, { version, repository }: Product): object => {
  const [major = 0, minor = 0, patch = 0] = version.split(/[.-]/).map(Number);
  const page = `${repository}/blob/v${version}/docs/azure-pipelines.md`;
  return {
    ...source,
    version: { Major: major, Minor: minor, Patch: patch },
    helpUrl: page,
    helpMarkDown: `[How to use it](${page})`,
    restrictions: {
      commands: { mode: "any" },
      settableVariables: { allowed: [settablePattern] },
    },
  };
};

/** `vss-extension.json`. */
export const extensionManifest = (source: object, { version, repository }: Product): object => ({
  ...source,
  version,
  links: {
    home: { uri: repository },
    repository: { uri: repository },
    issues: { uri: `${repository}/issues` },
    license: { uri: `${repository}/blob/v${version}/LICENSE` },
  },
  repository: { type: "git", uri: repository },
});

/** Bundles are modules, which Node reads from the nearest `package.json`. */
export const taskPackage = ({ version }: Product): object => ({
  name: "provision-task",
  version,
  private: true,
  type: "module",
});
