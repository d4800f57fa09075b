/** The first annotations are shown, the rest stands in the log, and the last place says how much that is. */
import { expect, test } from "vitest";
import { withLimit } from "../../../src/hosts/ci/annotation-limit.ts";
import { spokenDialect } from "../../reporters/spoken-dialect.ts";

const error = (message: string) => ({
  severity: "error" as const,
  title: "P1",
  message,
  place: { file: "a.yaml", line: 3, column: 5 },
});

test("up to the limit less one they are annotations, then lines; warnings are counted apart", () => {
  const { dialect, withheld } = withLimit(spokenDialect, 3);
  expect([1, 2, 3, 4].map((number) => dialect.annotation(error(`no ${number}`)))).toEqual([
    "error: P1: no 1 at a.yaml:3",
    "error: P1: no 2 at a.yaml:3",
    "error P1 a.yaml:3:5: no 3",
    "error P1 a.yaml:3:5: no 4",
  ]);
  expect(dialect.annotation({ severity: "warning", message: "mind" })).toBe("warning: : mind");
  expect(withheld()).toEqual([
    { severity: "error", message: "2 more of this kind: they stand in the log, each where it came up." },
  ]);
});

test("without a limit nothing is withheld", () => {
  const { dialect, withheld } = withLimit(spokenDialect);
  for (let number = 0; number < 100; number++) expect(dialect.annotation(error("x"))).toMatch(/^error: /);
  expect(withheld()).toEqual([]);
});
