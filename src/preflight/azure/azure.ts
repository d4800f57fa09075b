/**
 * Asks Azure, before the first write, for everything that its steps will need: providers, permissions, machines,
 * Kubernetes versions, addresses. Each list is read once, whatever the number of steps.
 */
import { type AzureClient, azure } from "../../clients/azure/client.ts";
import type { Use } from "../../step/context.ts";
import { Failure } from "../../step/failure.ts";
import type { Finding } from "../../step/finding.ts";
import { type Asked, type Kind, type OfKind, ofKind, stepsOf } from "../check.ts";
import { checkPermissions, checkProviders } from "./access.ts";
import { checkSizes } from "./capacity.ts";
import { checkLabels } from "./label.ts";
import { checkAddresses, checkVersions } from "./region.ts";

const azureKinds: ReadonlySet<Kind> = new Set([
  "provider",
  "permission",
  "vm-size",
  "kubernetes-version",
  "public-ip",
  "dns-label",
]);

/**
 * Findings on what is asked of Azure; other requirements are left to those who know them. Never throws for what is
 * wrong with the world: no login, no subscription and an unreachable service are findings, too.
 */
export const checkAzure = async (
  context: { readonly use: Use; readonly signal: AbortSignal },
  asked: readonly Asked[],
): Promise<readonly Finding[]> => {
  const ours = asked.filter(({ kind }) => azureKinds.has(kind));
  if (ours.length === 0) return [];
  const { signal } = context;
  try {
    const client = await context.use(azure);
    const check = <K extends Kind>(
      kind: K,
      ask: (
        client: AzureClient,
        signal: AbortSignal,
        asked: readonly OfKind<K>[],
      ) => Promise<readonly Finding[]>,
    ): Promise<readonly Finding[]> => {
      const those = ofKind(ours, kind);
      return ask(client, signal, those).catch((error: unknown) => [unasked(error, those)]);
    };
    const findings = await Promise.all([
      check("provider", checkProviders),
      check("permission", checkPermissions),
      check("vm-size", checkSizes),
      check("kubernetes-version", checkVersions),
      check("public-ip", checkAddresses),
      check("dns-label", checkLabels),
    ]);
    return findings.flat();
  } catch (error) {
    return [unasked(error, ours)];
  }
};

/** What kept a check from being made. A look that the login lacks the right for blocks nothing by itself. */
const unasked = (error: unknown, asked: readonly Asked[]): Finding => {
  if (!(error instanceof Failure) || error.kind === "cancelled" || error.kind === "unexpected") throw error;
  return {
    code: "P0600",
    severity: error.kind === "forbidden" ? "warning" : "blocker",
    steps: stepsOf(asked),
    message: `Azure could not be asked: ${error.message}`,
    hint: error.hint,
  };
};
