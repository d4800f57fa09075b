/** What a release knows of itself: the commit at which its GitHub Action stands. A development build knows none. */
import manifest from "../../../package.json" with { type: "json" };
import { version } from "../version.ts";

/** Set by scripts/build.ts from the variable of the same name, and not there at all otherwise. */
declare const PROVISION_ACTION: string | undefined;

const repository = manifest.repository.replace(/^github:/, "");

/** How a workflow names the action: `owner/name@<commit>`; undefined in a development build. */
const pinned: string | undefined = typeof PROVISION_ACTION === "string" ? PROVISION_ACTION : undefined;

export interface ActionReference {
  /** For `uses:`. */
  readonly reference: string;
  /** For the comment beside a commit, which says nothing to people. */
  readonly version?: string | undefined;
}

/** The action of this release by its commit, or where there is none, by the version's tag. */
export const ownAction: ActionReference & { readonly pinned: boolean } =
  pinned === undefined
    ? { reference: `${repository}@v${version}`, pinned: false }
    : { reference: pinned, version: `v${version}`, pinned: true };
