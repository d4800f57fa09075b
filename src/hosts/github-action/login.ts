/** The environment that Azure is logged in with: the job's own, with the action's inputs over it. Pure. */
import type { LoginInputs } from "./inputs.ts";

type Variables = Readonly<Record<string, string | undefined>>;

/** What proves an identity, and proves no other one. */
const proofs = [
  "AZURE_CLIENT_SECRET",
  "AZURE_CLIENT_CERTIFICATE_PATH",
  "AZURE_CLIENT_CERTIFICATE_PASSWORD",
  "AZURE_FEDERATED_TOKEN_FILE",
];

/**
 * An input wins over its variable. Where the inputs name another client than the environment does, the environment's
 * secret, certificate and token file are that other client's, and are left out.
 */
export const loginVariables = (variables: Variables, login: LoginInputs): Variables => {
  const other = login.clientId !== undefined && login.clientId !== variables.AZURE_CLIENT_ID;
  const kept = other
    ? Object.fromEntries(Object.entries(variables).filter(([name]) => !proofs.includes(name)))
    : variables;
  const given = {
    AZURE_CLIENT_ID: login.clientId,
    AZURE_TENANT_ID: login.tenantId,
    AZURE_SUBSCRIPTION_ID: login.subscriptionId,
    AZURE_CLIENT_SECRET: login.clientSecret,
  };
  return {
    ...kept,
    ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
  };
};
