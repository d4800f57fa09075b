/** Why a release is not begun. Pure. */
import { entryOf } from "./changelog.ts";
import type { Source } from "./source.ts";

export interface Intention {
  readonly version: string;
  readonly changelog: string;
  readonly source: Source;
  readonly dryRun: boolean;
}

/** How many changed files are named. */
const shown = 10;

/** @throws with what to do. A dry run takes what stands in the work tree, and versions that were released already. */
export const refuse = ({ version, changelog, source, dryRun }: Intention): void => {
  entryOf(changelog, version);
  if (dryRun) return;
  if (source.changed.length > 0) {
    const rest = source.changed.length - shown;
    throw new Error(
      [
        "The work tree is not as its commit has it, and a release is made of a commit:",
        ...source.changed.slice(0, shown).map((line) => `  ${line}`),
        ...(rest > 0 ? [`  and ${rest} more`] : []),
        "Commit or remove these, or look at what would be released: npm run release -- --dry-run",
      ].join("\n"),
    );
  }
  if (source.tags.includes(`v${version}`))
    throw new Error(
      `There is a tag v${version} already: a version is released once. Raise it: npm version --no-git-tag-version`,
    );
};
