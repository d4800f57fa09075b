import { expect, test } from "vitest";
import { allows, covers } from "../../../src/preflight/azure/permission.ts";

test.each([
  ["*", "Microsoft.Network/publicIPAddresses/write", true],
  ["*/read", "Microsoft.Network/publicIPAddresses/read", true],
  ["*/read", "Microsoft.Network/publicIPAddresses/write", false],
  ["Microsoft.Network/*", "microsoft.network/publicIPAddresses/join/action", true],
  ["Microsoft.Network/*", "MicrosoftXNetwork/a", false],
  ["Microsoft.Authorization/*/Write", "Microsoft.Authorization/roleAssignments/write", true],
  ["Microsoft.Network/publicIPAddresses/write", "Microsoft.Network/publicIPAddresses/writes", false],
])("%s covers %s: %s", (pattern, action, covered) => {
  expect(covers(pattern, action)).toBe(covered);
});

const contributor = { actions: ["*"], notActions: ["Microsoft.Authorization/*/Write"] };
const assigner = { actions: ["Microsoft.Authorization/roleAssignments/*"], notActions: [] };
const grant = "Microsoft.Authorization/roleAssignments/write";

test("what a role leaves out, it does not allow; another role may", () => {
  expect(allows([contributor], grant)).toBe(false);
  expect(allows([contributor, assigner], grant)).toBe(true);
  expect(allows([], grant)).toBe(false);
});
