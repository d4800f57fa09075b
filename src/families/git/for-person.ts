/** What a person is told who must paste a deploy key: why, where, the key itself, and what to type next. Pure. */
import type { KeyCheckResult } from "../../clients/git/client.ts";
import type { Verdict } from "../../step/step.ts";
import { settingsPage } from "./registration.ts";

/** `because`: why nobody could register the key for them. */
export const forPerson = (
  repository: string,
  publicKey: string,
  readOnly: boolean,
  because: string,
  check: Exclude<KeyCheckResult, { state: "opens" }>,
): Verdict => {
  const reasons = {
    "read-only": `the deploy key may only read ${repository}, and is to write`,
    refused: `the deploy key does not open ${repository} yet`,
    unreachable: `nobody knows whether the deploy key opens ${repository}: the host can't be asked from here`,
    "no-tool": `nobody knows whether the deploy key opens ${repository}: git or ssh is missing here`,
  };
  const access = readOnly ? "" : " with write access";
  const page = settingsPage(repository, "/new");
  const deed =
    check.state === "read-only"
      ? `remove this public key and add it again with write access at ${page}`
      : `paste this public key${access} at ${page}`;
  return {
    ready: false,
    reason: `${reasons[check.state]} (${because})`,
    worthWaiting: false,
    needsPerson: true,
    hint: `${deed}, then run \`up\` again`,
    evidence: [publicKey, ...check.evidence],
  };
};
