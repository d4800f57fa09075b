import { expect, test } from "vitest";
import { withValue } from "../../../src/families/arm/model.ts";
import managedIdentity from "../../../src/steps/azure/managed-identity.ts";
import { driveStep } from "../../fakes/drive-step.ts";
import { quickClock } from "../../fakes/quick-clock.ts";
import { fakeContext } from "../../fakes/step-context.ts";
import { fakeAzure } from "../../families/arm/fake-azure.ts";

const group = {
  kind: "resource-group",
  id: "/subscriptions/sub/resourceGroups/rg",
  name: "rg",
  location: "westeurope",
};

test("a change of tags leaves principal, client and tenant to the service, which alone writes them", async () => {
  const cloud = fakeAzure();
  const made = { tenantId: "t", principalId: "p", clientId: "c" };
  cloud.complete = (_, body) => withValue(body, "properties", made);
  const context = fakeContext({ azure: cloud }, { clock: quickClock() });
  const basis = { group, name: "id1" };
  await driveStep(managedIdentity, context, { ...basis, tags: { team: "a" } }).up();
  await driveStep(managedIdentity, context, { ...basis, tags: { team: "b" } }).up();
  expect(cloud.bodies).toHaveLength(2);
  expect(cloud.bodies.at(-1)).toMatchObject({ tags: { team: "b" } });
  expect(cloud.bodies.at(-1)).not.toHaveProperty("properties");
});
