/**
 * Asks Azure, before the first write, for everything that its steps will need: providers, permissions, machines,
 * Kubernetes versions, addresses. Each list is read once, whatever the number of steps.
 */
import { azure } from "../../clients/azure/client.ts";
import type { Use } from "../../step/context.ts";
import { Failure } from "../../step/failure.ts";
import type { Requirement } from "../../step/requirement.ts";
import type { Finding } from "../finding.ts";
import { checkPermissions, checkProviders } from "./access.ts";
import { checkSizes } from "./capacity.ts";
import { checkLabels } from "./label.ts";
import { checkAddresses, checkVersions } from "./region.ts";

type Kind = Requirement["kind"];

const azureKinds: ReadonlySet<Kind> = new Set([
  "provider",
  "permission",
  "vm-size",
  "kubernetes-version",
  "public-ip",
  "dns-label",
]);

/**
 * Findings on the requirements that are Azure's; others are left to those who know them. Never throws for what is
 * wrong with the world: no login, no subscription and an unreachable service are findings, too.
 */
export const checkAzure = async (
  context: { readonly use: Use; readonly signal: AbortSignal },
  requirements: readonly Requirement[],
): Promise<readonly Finding[]> => {
  if (!requirements.some(({ kind }) => azureKinds.has(kind))) return [];
  const { signal } = context;
  try {
    const client = await context.use(azure);
    const checks = [
      checkProviders(client, signal, ofKind(requirements, "provider")),
      checkPermissions(client, signal, ofKind(requirements, "permission")),
      checkSizes(client, signal, ofKind(requirements, "vm-size")),
      checkVersions(client, signal, ofKind(requirements, "kubernetes-version")),
      checkAddresses(client, signal, ofKind(requirements, "public-ip")),
      checkLabels(client, signal, ofKind(requirements, "dns-label")),
    ];
    const findings = await Promise.all(
      checks.map((check) => check.catch((error: unknown) => [unasked(error)])),
    );
    return findings.flat();
  } catch (error) {
    return [unasked(error)];
  }
};

const ofKind = <K extends Kind>(
  requirements: readonly Requirement[],
  kind: K,
): readonly Extract<Requirement, { kind: K }>[] =>
  requirements.filter(
    (requirement): requirement is Extract<Requirement, { kind: K }> => requirement.kind === kind,
  );

/** What kept a check from being made. A look that the login lacks the right for blocks nothing by itself. */
const unasked = (error: unknown): Finding => {
  if (!(error instanceof Failure) || error.kind === "cancelled" || error.kind === "unexpected") throw error;
  const severity = error.kind === "forbidden" ? "warning" : "blocker";
  return { code: "P0600", severity, message: `Azure could not be asked: ${error.message}`, hint: error.hint };
};
