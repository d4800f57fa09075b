import { expect, test } from "vitest";
import { guidOf } from "../../../src/families/arm/name-guid.ts";

test("the same parts give the same GUID, whatever their case, and other parts another", () => {
  const guid = guidOf("/subscriptions/s/resourceGroups/rg", "principal", "role");
  expect(guid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(guidOf("/subscriptions/S/resourcegroups/RG", "principal", "role")).toBe(guid);
  expect(guidOf("/subscriptions/s/resourceGroups/rg", "principal", "other")).not.toBe(guid);
  expect(guidOf("/subscriptions/s/resourceGroups/rgprincipal", "", "role")).not.toBe(guid);
});
