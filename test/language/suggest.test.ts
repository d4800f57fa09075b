import { expect, test } from "vitest";
import { didYouMean, nearest } from "../../src/language/suggest.ts";

test.each([
  ["adress", ["address", "addresses", "name"], "address"],
  ["nmae", ["name", "names", "tame"], "name"],
  ["CLUSTER", ["cluster"], "cluster"],
  ["x", ["completely"], undefined],
  ["", ["ab"], undefined],
])("the name nearest to %j in %j is %j", (written, known, expected) => {
  expect(nearest(written, known)).toBe(expected);
});

test("a hint names the nearest, or all where they are few, or nothing", () => {
  expect(didYouMean("grop", ["group", "ip"])).toBe("Did you mean `group`?");
  expect(didYouMean("zzzz", ["group", "ip"])).toBe("Known here: `group`, `ip`.");
  expect(
    didYouMean(
      "zzzz",
      Array.from({ length: 13 }, (_, index) => `name-number-${index}`),
    ),
  ).toBeUndefined();
  expect(didYouMean("zzzz", [])).toBeUndefined();
});
