/** The changelog: its form, and the entry that every version must have. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, test } from "vitest";
import { entryOf } from "../../../scripts/release/changelog.ts";
import { version } from "../../../src/hosts/version.ts";

const own = readFileSync(resolve(import.meta.dirname, "../../../CHANGELOG.md"), "utf8");

const changelog = `# Changelog

## [Unreleased]

## [1.0.0] - 2026-12-01

### Added

- Everything.

## [0.9.0] - 2026-11-01

## [0.8.0]

- No date.

[1.0.0]: https://example.com
`;

test("an entry is what stands between its heading and the next", () => {
  expect(entryOf(changelog, "1.0.0")).toBe("### Added\n\n- Everything.");
});

test("a version without an entry, a date or a word is refused", () => {
  expect(() => entryOf(changelog, "1.0.1")).toThrow('CHANGELOG.md has no entry "## [1.0.1] - YYYY-MM-DD"');
  expect(() => entryOf(changelog, "1x0.0")).toThrow("has no entry");
  expect(() => entryOf(changelog, "0.8.0")).toThrow("has no entry");
  expect(() => entryOf(changelog, "0.9.0")).toThrow("CHANGELOG.md says nothing of 0.9.0");
});

test("this version has one", () => {
  expect(entryOf(own, version)).toContain("- ");
});

test("sections are those of Keep a Changelog, newest version first, each with its address", () => {
  const kinds = ["Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"];
  expect(
    [...own.matchAll(/^### (.*)$/gm)].map(([, kind = ""]) => kind).filter((kind) => !kinds.includes(kind)),
  ).toEqual([]);
  const versions = [...own.matchAll(/^## \[(.*?)\]/gm)].map(([, name = ""]) => name);
  expect(versions.slice(0, 2)).toEqual(["Unreleased", version]);
  for (const name of versions) expect(own).toContain(`\n[${name}]: https://`);
});
