import { expect, test } from "vitest";
import { meetsVersion, upgradeEffect } from "../../../../src/steps/azure/aks/version.ts";

test.each([
  ["1.35", "1.35.4", true],
  ["1.35", "1.34.9", false],
  ["1.35.4", "1.35.4", true],
  ["1.35.4", "1.35.6", true],
  ["1.35.4", "1.35.1", false],
  ["1.3", "1.35.1", false],
])("%s is met by %s: %s", (desired, actual, met) => {
  expect(meetsVersion(desired, actual)).toBe(met);
});

test.each([
  ["1.35", "1.34.2", "disrupt"],
  ["1.35.4", "1.35.1", "disrupt"],
  ["1.36", "1.34.2", "refuse"],
  ["1.33", "1.34.2", "refuse"],
])("to %s from %s: %s", (desired, actual, effect) => {
  expect(upgradeEffect(desired, actual)).toBe(effect);
});
