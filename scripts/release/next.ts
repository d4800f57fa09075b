/** What a person does with a finished release: the commands, in their order. Pure. */
import { packer } from "./program.ts";

export interface Finished {
  /** As a person types it from where they stand. */
  readonly out: string;
  readonly version: string;
  /** `owner/name` of the repository. */
  readonly slug: string;
  /** Of the action. */
  readonly commit: string;
  readonly tarball: string;
  readonly extension: string;
}

export const afterDryRun = ({ out, version }: Pick<Finished, "out" | "version">): string =>
  [
    `This was a dry run: ${out} holds what would be released, and the repository is as it was.`,
    `Next: npm run release   (at the commit that is to be v${version}; it keeps the action's commit and says how to publish)`,
  ].join("\n");

export const afterRelease = (finished: Finished): string => {
  const { out, version, slug, commit, tarball, extension } = finished;
  const tag = `v${version}`;
  return [
    `Nothing is published yet. The action's commit ${commit} is in this repository, and nothing points to it.`,
    "Next, in this order:",
    "",
    "  # What is published is what was built.",
    `  (cd ${out} && sha256sum -c --quiet SHA256SUMS)`,
    "  # The action comes first, since the package names its commit.",
    `  git tag -a ${tag} -m ${tag} ${commit}`,
    `  git push git@github.com:${slug}.git refs/tags/${tag}`,
    "  # The package.",
    `  npm publish ${out}/${tarball}`,
    "  # The extension of Azure DevOps.",
    `  npx ${packer} extension publish --vsix ${out}/${extension}`,
    "",
    `Then a release on GitHub at ${tag}, with ${out}/*.tgz, *.vsix, *.cdx.json and SHA256SUMS, and the changelog's words.`,
  ].join("\n");
};
