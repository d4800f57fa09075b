import { expect, test } from "vitest";
import existingSubscription from "../../../src/steps/azure/existing-subscription.ts";
import { openSandboxContext } from "./sandbox-context.ts";

test("the run's subscription is found with its tenant; its ids are known without asking", async () => {
  const { sandbox, context, site } = await openSandboxContext();
  const { AZURE_SUBSCRIPTION_ID: id = "", AZURE_TENANT_ID: tenantId } = sandbox.environment();
  const ref = existingSubscription.locate({}, site);
  const observed = await existingSubscription.observe(context, ref);
  expect(observed).toMatchObject({
    state: "present",
    output: { kind: "subscription", id: `/subscriptions/${id}`, subscriptionId: id, tenantId },
  });
  expect(existingSubscription.predict.subscriptionId?.({}, ref)).toBe(id);
});
