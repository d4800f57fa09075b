import { expect, test } from "vitest";
import { groupIdOf, providerId, sameArmId } from "../../../src/clients/azure/id.ts";

test("a resource's group is the beginning of its id", () => {
  expect(groupIdOf("/subscriptions/s/resourceGroups/rg/providers/N/t/x")).toBe(
    "/subscriptions/s/resourceGroups/rg",
  );
  expect(groupIdOf("/subscriptions/s")).toBeUndefined();
});

test("ids are put together from names, and compared without case", () => {
  const id = providerId("/subscriptions/s/resourceGroups/rg", "N.T/as", "a");
  expect(id).toBe("/subscriptions/s/resourceGroups/rg/providers/N.T/as/a");
  expect(sameArmId(id, id.toUpperCase())).toBe(true);
});
