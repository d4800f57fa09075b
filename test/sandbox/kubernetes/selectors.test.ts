import { expect, test } from "vitest";
import { labelSelector, matchesSelector } from "../../../src/sandbox/kubernetes/selectors.ts";

const labels = { app: "nginx", tier: "web" };

test.each([
  ["", true],
  ["app=nginx", true],
  ["app==nginx,tier!=db", true],
  ["app in (nginx, apache),tier", true],
  ["app notin (nginx)", false],
  ["!app", false],
  ["missing!=x", true],
  ["missing notin (x)", true],
])("%j takes the labels: %s", (selector, taken) => {
  expect(labelSelector(selector)(labels)).toBe(taken);
});

test("a selector that cannot be read is refused", () => {
  expect(() => labelSelector("a b c")).toThrow("unable to parse requirement");
});

test("expressions of a LabelSelector all hold", () => {
  const matchExpressions = [
    { key: "app", operator: "In", values: ["nginx"] },
    { key: "canary", operator: "DoesNotExist" },
  ];
  expect(matchesSelector({ matchLabels: { tier: "web" }, matchExpressions }, labels)).toBe(true);
  expect(matchesSelector({ matchExpressions }, { ...labels, canary: "1" })).toBe(false);
});
