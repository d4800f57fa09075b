/**
 * The run's own Azure login as a credential for AKS with Entra, in the form that kubectl and Helm ask a program for
 * (client.authentication.k8s.io/v1): they ask again when it ends, however long they run.
 * Protocol: https://kubernetes.io/docs/reference/config-api/client-authentication.v1/
 */
import type { AccessToken } from "@azure/identity";
import type { Environment } from "../../step/context.ts";
import { openLogin, tokenOf } from "./login.ts";

/** Application of every AKS API server with Entra, the same in all tenants and clouds. */
export const aksServerScope = "6dae42f8-4368-4678-94ff-3960e28e3630/.default";

/** The command of the command line that prints the credential. */
export const tokenCommand = "kubernetes-token";

/** Where to log in and whom to trust: the settings that another shell may lack. Never a secret, never an identity. */
const settings = [
  "AZURE_TENANT_ID",
  "AZURE_AUTHORITY_HOST",
  "PROVISION_CA_FILE",
  "PROVISION_SANDBOX",
  "NODE_EXTRA_CA_CERTS",
];

/**
 * A kubeconfig's user that logs in through this tool; undefined where there is no command line of it to start. The
 * secrets of the login reach it by the environment that Helm or kubectl was started with.
 */
export const execUser = ({ program, variables, azure, sandbox }: Environment) => {
  const [command, ...first] = program ?? [];
  if (command === undefined) return undefined;
  const endpoint = azure.endpoint ?? variables.PROVISION_AZURE_ENDPOINT;
  const env = settings.flatMap((name) => {
    const value = variables[name];
    return value ? [{ name, value }] : [];
  });
  return {
    exec: {
      apiVersion: "client.authentication.k8s.io/v1",
      command,
      args: [...first, tokenCommand, ...(sandbox ? ["--sandbox"] : [])],
      env: endpoint ? [...env, { name: "PROVISION_AZURE_ENDPOINT", value: endpoint }] : env,
      interactiveMode: "Never",
      provideClusterInfo: false,
      installHint: "Make the kubeconfig anew with `provision kubeconfig`.",
    },
  };
};

/** A token for an AKS API server. Asks nothing of ARM, so that no right on a subscription is needed. */
export const clusterToken = async (
  environment: Pick<Environment, "variables" | "azure">,
  signal: AbortSignal,
): Promise<AccessToken> => tokenOf(await openLogin(environment), aksServerScope, signal);

/** The longest time, in milliseconds, that a token is given up before it ends: a request may be under way just then. */
const margin = 60_000;

/**
 * What the plugin prints. It is said to end a minute early, or at half of its remaining life where that is sooner.
 * @param now milliseconds since the epoch.
 */
export const execCredential = (
  { token, expiresOnTimestamp }: Pick<AccessToken, "token" | "expiresOnTimestamp">,
  now: number,
): string => {
  const early = Math.min(margin, Math.max(0, expiresOnTimestamp - now) / 2);
  return JSON.stringify({
    apiVersion: "client.authentication.k8s.io/v1",
    kind: "ExecCredential",
    status: { token, expirationTimestamp: new Date(expiresOnTimestamp - early).toISOString() },
  });
};
