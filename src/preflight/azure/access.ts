/** Providers that must be registered, and actions that the login must be allowed. */
import { z } from "zod";
import { apiVersions } from "../../clients/azure/api-versions.ts";
import type { AzureClient } from "../../clients/azure/client.ts";
import { groupIdOf } from "../../clients/azure/id.ts";
import { Failure } from "../../step/failure.ts";
import type { Finding } from "../../step/finding.ts";
import type { OfKind } from "../check.ts";
import { allows, type Permission } from "./permission.ts";

const provider = z.object({ namespace: z.string(), registrationState: z.string().optional() });

export const checkProviders = async (
  client: AzureClient,
  signal: AbortSignal,
  asked: readonly OfKind<"provider">[],
): Promise<readonly Finding[]> => {
  if (asked.length === 0) return [];
  const path = `/subscriptions/${client.subscription}/providers`;
  const providers = await client.list(path, apiVersions.resources, provider, signal);
  const states = new Map(providers.map((entry) => [entry.namespace.toLowerCase(), entry.registrationState]));
  return asked.map(({ namespace, step }): Finding => {
    const steps = [step];
    const state = states.get(namespace.toLowerCase()) ?? "NotRegistered";
    const hint = `az provider register --namespace ${namespace} --wait`;
    if (state === "Registered")
      return { code: "P0601", severity: "ok", steps, message: `${namespace} is registered` };
    if (state === "Registering") {
      const message = `${namespace} is still being registered`;
      return { code: "P0602", severity: "warning", steps, message, hint };
    }
    return {
      code: "P0603",
      severity: "blocker",
      steps,
      message: `the resource provider ${namespace} is not registered in the subscription`,
      hint,
    };
  });
};

const permissionPage = z.object({
  value: z.array(
    z.object({ actions: z.array(z.string()).default([]), notActions: z.array(z.string()).default([]) }),
  ),
});

export const checkPermissions = async (
  client: AzureClient,
  signal: AbortSignal,
  asked: readonly OfKind<"permission">[],
): Promise<readonly Finding[]> => {
  const answers = new Map<string, Promise<readonly Permission[] | undefined>>();
  const permissionsOn = (scope: string): Promise<readonly Permission[] | undefined> => {
    const known = answers.get(scope.toLowerCase());
    if (known) return known;
    const answer = readPermissions(client, signal, scope);
    answers.set(scope.toLowerCase(), answer);
    return answer;
  };
  return Promise.all(asked.map((each) => checkPermission(client, each, permissionsOn)));
};

const checkPermission = async (
  client: AzureClient,
  { action, scope, step }: OfKind<"permission">,
  permissionsOn: (scope: string) => Promise<readonly Permission[] | undefined>,
): Promise<Finding> => {
  const steps = [step];
  try {
    for (const candidate of scopesUp(client.subscription, scope)) {
      const permissions = await permissionsOn(candidate);
      if (!permissions) continue;
      if (allows(permissions, action)) {
        return { code: "P0604", severity: "ok", steps, message: `the login may ${action} on ${candidate}` };
      }
      return {
        code: "P0605",
        severity: "blocker",
        steps,
        message: `the login may not ${action} on ${candidate}`,
        hint: hintFor(action, candidate),
      };
    }
  } catch (error) {
    if (!(error instanceof Failure) || error.kind !== "forbidden") throw error;
  }
  return {
    code: "P0606",
    severity: "warning",
    steps,
    message: `whether the login may ${action} on ${scope} can't be asked`,
    hint: "Give it Microsoft.Authorization/permissions/read, as every built-in role does.",
  };
};

/** Undefined where the scope does not exist. */
const readPermissions = async (
  client: AzureClient,
  signal: AbortSignal,
  scope: string,
): Promise<readonly Permission[] | undefined> => {
  const path = `${scope}/providers/Microsoft.Authorization/permissions`;
  return (await client.get(path, apiVersions.authorization, permissionPage, signal))?.value;
};

/** From a scope to those above it; one that begins with its group is in the run's own subscription. */
const scopesUp = (subscription: string, scope: string): readonly string[] => {
  const full =
    scope === "" || /^\/resourceGroups\//i.test(scope) ? `/subscriptions/${subscription}${scope}` : scope;
  const root = /^\/subscriptions\/[^/]+/i.exec(full)?.[0] ?? `/subscriptions/${subscription}`;
  const above = [groupIdOf(full), root].filter((id) => id !== undefined);
  return [...new Set([full, ...above])];
};

const hintFor = (action: string, scope: string): string => {
  if (/^Microsoft\.Authorization\/roleAssignments\//i.test(action)) {
    return `Ask for Role Based Access Control Administrator (or Owner) on ${scope}.`;
  }
  if (/listClusterAdminCredential/i.test(action)) {
    return `Ask for Azure Kubernetes Service Cluster Admin Role on ${scope}, or set \`access: entra\` on the cluster.`;
  }
  return `Ask for Contributor on ${scope}, and log in again once it is granted.`;
};
