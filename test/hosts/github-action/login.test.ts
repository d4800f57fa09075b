/** Inputs win over the environment, and never borrow another client's secret from it. */
import { expect, test } from "vitest";
import { loginVariables } from "../../../src/hosts/github-action/login.ts";

const none = { clientId: undefined, tenantId: undefined, subscriptionId: undefined, clientSecret: undefined };
const environment = {
  PATH: "/bin",
  AZURE_CLIENT_ID: "theirs",
  AZURE_TENANT_ID: "tenant",
  AZURE_CLIENT_SECRET: "their secret",
};

test("without inputs the environment stays as it is", () => {
  expect(loginVariables(environment, none)).toEqual(environment);
});

test("an input wins over its variable", () => {
  expect(loginVariables(environment, { ...none, tenantId: "other", subscriptionId: "subscription" })).toEqual(
    { ...environment, AZURE_TENANT_ID: "other", AZURE_SUBSCRIPTION_ID: "subscription" },
  );
});

test("another client's secret is not tried for this one", () => {
  expect(loginVariables(environment, { ...none, clientId: "ours" })).toEqual({
    PATH: "/bin",
    AZURE_CLIENT_ID: "ours",
    AZURE_TENANT_ID: "tenant",
  });
  expect(loginVariables(environment, { ...none, clientId: "theirs" })).toEqual(environment);
  expect(
    loginVariables(environment, { ...none, clientId: "ours", clientSecret: "our secret" }),
  ).toMatchObject({
    AZURE_CLIENT_SECRET: "our secret",
  });
});
