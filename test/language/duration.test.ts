import { expect, test } from "vitest";
import { parseDuration } from "../../src/language/duration.ts";

test.each([
  ["30s", 30_000],
  ["90m", 5_400_000],
  ["1h30m", 5_400_000],
  ["2h5s", 7_205_000],
])("%s is %i ms", (text, milliseconds) => {
  expect(parseDuration(text)).toBe(milliseconds);
});

test.each(["", "0s", "90", "1d", "30m1h", "1.5h", "-1m", "1h 30m", "m", "99999999999s"])(
  "%j is none",
  (text) => {
    expect(parseDuration(text)).toBeUndefined();
  },
);
