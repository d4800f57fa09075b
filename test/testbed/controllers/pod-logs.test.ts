import { expect, test } from "vitest";
import { lastLines } from "./pod-logs.ts";

test.each([
  ["a\nb\nc\n", 2, "b\nc\n"],
  ["a\n", 5, "a\n"],
  ["", 5, ""],
  ["a\nb\n", 0, ""],
])("of %j the last %d lines are %j", (text, count, lines) => {
  expect(lastLines(text, count)).toBe(lines);
});
