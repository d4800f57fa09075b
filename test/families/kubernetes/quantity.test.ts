import { expect, test } from "vitest";
import { sameQuantity } from "../../../src/families/kubernetes/quantity.ts";

test.each([
  ["1000m", "1"],
  ["0.5", "500m"],
  ["1Gi", "1024Mi"],
  ["1G", "1000M"],
  [1, "1"],
  ["1e3", "1k"],
  [".5", "500m"],
  ["1Ei", "1152921504606846976"],
  ["-1", "-1000m"],
])("%s is %s", (a, b) => {
  expect(sameQuantity(a, b)).toBe(true);
});

test.each([
  ["1", "2"],
  ["1Gi", "1G"],
  ["1Ei", "1152921504606846977"],
  ["", ""],
  ["abc", "abc"],
  ["1x", "1x"],
])("%s is not the same quantity as %s", (a, b) => {
  expect(sameQuantity(a, b)).toBe(false);
});
