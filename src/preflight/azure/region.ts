/** Kubernetes versions that a region offers, and public addresses left in its quota. */
import { apiVersions } from "../../clients/azure/api-versions.ts";
import type { AzureClient } from "../../clients/azure/client.ts";
import type { OfferedVersion } from "../../clients/azure/typed.ts";
import type { Finding } from "../../step/finding.ts";
import { type OfKind, stepsOf } from "../check.ts";
import { readUsages, remaining } from "./usage.ts";

export const checkVersions = async (
  client: AzureClient,
  signal: AbortSignal,
  asked: readonly OfKind<"kubernetes-version">[],
): Promise<readonly Finding[]> => {
  const locations = Map.groupBy(asked, ({ location }) => location);
  const findings = await Promise.all(
    [...locations].map(async ([location, group]) => {
      const offered = await client.kubernetesVersions(location, signal);
      return group.map((each) => checkVersion(each, offered));
    }),
  );
  return findings.flat();
};

/** Whether a version, minor or exact, is among those offered. Pure. */
const checkVersion = (
  { version, location, step }: OfKind<"kubernetes-version">,
  offered: readonly OfferedVersion[],
): Finding => {
  const steps = [step];
  const found = offered.find(({ minor }) => version === minor || version.startsWith(`${minor}.`));
  if (!found || (version !== found.minor && !found.patches.includes(version))) {
    const near = found ? found.patches : offered.map(({ minor }) => minor);
    return {
      code: "P0621",
      severity: "blocker",
      steps,
      message: `AKS in ${location} does not offer Kubernetes ${version}`,
      hint: `It offers ${near.length > 0 ? [...near].sort(byVersion).join(", ") : "none"}.`,
    };
  }
  if (found.preview) {
    return {
      code: "P0622",
      severity: "warning",
      steps,
      message: `Kubernetes ${version} is a preview in ${location}`,
      hint: "Previews have no support; take an older minor for production.",
    };
  }
  return { code: "P0620", severity: "ok", steps, message: `Kubernetes ${version} is offered in ${location}` };
};

const byVersion = (a: string, b: string): number => a.localeCompare(b, "en", { numeric: true });

/** The counter has had two names; older subscriptions only have that of all addresses. */
const counters = ["ipv4standardskupublicipaddresses", "standardskupublicipaddresses", "publicipaddresses"];

export const checkAddresses = async (
  client: AzureClient,
  signal: AbortSignal,
  asked: readonly OfKind<"public-ip">[],
): Promise<readonly Finding[]> => {
  const locations = Map.groupBy(asked, ({ location }) => location);
  const findings = await Promise.all(
    [...locations].map(async ([location, group]): Promise<readonly Finding[]> => {
      const path = `/subscriptions/${client.subscription}/providers/Microsoft.Network/locations/${location}/usages`;
      const usages = await readUsages(client, signal, path, apiVersions.network);
      const usage = counters
        .map((name) => usages.find((entry) => entry.name.toLowerCase() === name))
        .find(Boolean);
      if (!usage) return [];
      const count = group.reduce((sum, each) => sum + each.count, 0);
      const left = remaining(usage);
      const steps = stepsOf(group);
      const message = `${count} more public addresses in ${location}, ${left} are left of ${usage.limit}`;
      if (count <= left) return [{ code: "P0630", severity: "ok", steps, message }];
      const hint =
        "Remove unused ones (`az network public-ip list --output table`), or ask for more under Quotas in the Azure portal.";
      return [{ code: "P0631", severity: "blocker", steps, message, hint }];
    }),
  );
  return findings.flat();
};
