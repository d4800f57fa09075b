/** When a release is not begun. */
import { expect, test } from "vitest";
import { type Intention, refuse } from "../../../scripts/release/refusals.ts";

const clean: Intention = {
  version: "1.0.0",
  changelog: "## [1.0.0] - 2026-12-01\n\n- Everything.\n",
  source: { commit: "0".repeat(40), seconds: 0, changed: [], tags: ["v0.9.0"] },
  dryRun: false,
};
const intend = (source: Partial<Intention["source"]>, dryRun: boolean) => () =>
  refuse({ ...clean, source: { ...clean.source, ...source }, dryRun });

test("a clean work tree of a new version with its entry is released", () => {
  expect(intend({}, false)).not.toThrow();
});

test("a changed work tree is not, but may be looked at", () => {
  const changed = Array.from({ length: 12 }, (_, index) => ` M src/${index}.ts`);
  expect(intend({ changed }, false)).toThrow(/ M src\/9\.ts\n {2}and 2 more\n.*--dry-run/s);
  expect(intend({ changed }, true)).not.toThrow();
});

test("a version that has a tag is not released again", () => {
  expect(intend({ tags: ["v1.0.0"] }, false)).toThrow("There is a tag v1.0.0 already");
  expect(intend({ tags: ["v1.0.0"] }, true)).not.toThrow();
});

test("a version of which the changelog says nothing is not even looked at", () => {
  expect(() => refuse({ ...clean, version: "1.0.1", dryRun: true })).toThrow("no entry");
});
