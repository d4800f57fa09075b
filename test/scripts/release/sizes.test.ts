/** The table of sizes. */
import { expect, test } from "vitest";
import { keeps, table } from "../../../scripts/release/sizes.ts";

const megabyte = 1024 * 1024;

test("figures stand below each other, and one that is too large is marked", () => {
  const sizes = [
    { name: "action/", bytes: 3.5 * megabyte, limit: 8 * megabyte },
    { name: "a.tgz", bytes: 12 * megabyte, limit: 5 * megabyte },
  ];
  expect(sizes.map(keeps)).toEqual([true, false]);
  expect(table(sizes)).toBe(
    ["pass  action/   3.50 MB  ≤ 8.00 MB", "FAIL  a.tgz    12.00 MB  ≤ 5.00 MB"].join("\n"),
  );
});
