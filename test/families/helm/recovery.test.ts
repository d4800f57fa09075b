import { expect, test } from "vitest";
import type { ReleaseStatus } from "../../../src/clients/helm/release.ts";
import { lastGood, recoveryFor } from "../../../src/families/helm/recovery.ts";

/** Newest first, as a history is. */
const history = (...statuses: readonly ReleaseStatus[]) =>
  statuses.map((status, index) => ({ status, revision: statuses.length - index }));

test.each<[ReleaseStatus[], string]>([
  [[], "none"],
  [["deployed", "superseded"], "none"],
  [["failed"], "none"],
  [["failed", "deployed"], "none"],
  [["pending-install"], "uninstall"],
  [["uninstalling", "superseded"], "uninstall"],
  [["pending-upgrade", "deployed", "superseded"], "rollback to 2"],
  [["pending-rollback", "failed", "deployed"], "rollback to 1"],
  [["pending-upgrade", "failed"], "uninstall"],
  [["pending-rollback", "superseded", "failed"], "rollback to 2"],
])("%j calls for: %s", (statuses, expected) => {
  const recovery = recoveryFor(history(...statuses));
  expect(recovery.kind === "rollback" ? `rollback to ${recovery.revision}` : recovery.kind).toBe(expected);
});

test("the last good revision is the deployed one, even if later ones failed", () => {
  expect(lastGood(history("failed", "failed", "deployed", "superseded"))).toBe(2);
  expect(lastGood(history("failed"))).toBeUndefined();
});
