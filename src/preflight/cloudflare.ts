/** Asks Cloudflare whether zones exist, are active and delegated, and what the tokens may do on them. */
import type { CloudflareClient, Zone } from "../clients/cloudflare/client.ts";
import { cloudflare, cloudflareWith } from "../clients/cloudflare/cloudflare.ts";
import { allowances, permissionName } from "../clients/cloudflare/permissions.ts";
import { zoneHealth } from "../clients/cloudflare/zone-health.ts";
import { Failure } from "../step/failure.ts";
import type { CloudflarePermission } from "../step/requirement.ts";
import { type Check, type OfKind, ofKind } from "./check.ts";
import type { Finding } from "./finding.ts";

const tokensPage = "https://dash.cloudflare.com/profile/api-tokens";

/** Each zone is asked for once with each token, whatever the number of steps. */
export const checkCloudflare: Check = async (requirements, { use, signal, cloudflareOrigin }) => {
  const questions = together(
    ofKind(requirements, "cloudflare-zone").map((question) =>
      question.token?.origin === cloudflareOrigin ? { ...question, token: undefined } : question,
    ),
  );
  const clients = new Map<string, Promise<CloudflareClient>>();
  const findings = await Promise.all(
    questions.map(async ({ zone, token, permissions }) => {
      signal.throwIfAborted();
      const origin = token?.origin ?? cloudflareOrigin ?? "the run's own token";
      try {
        const key = token?.origin ?? "";
        const client = clients.get(key) ?? use(token ? cloudflareWith(token) : cloudflare);
        clients.set(key, client);
        return await checkZone(await client, zone, origin, permissions);
      } catch (error) {
        return [unasked(error, zone, origin)];
      }
    }),
  );
  return findings.flat();
};

type Question = OfKind<"cloudflare-zone">;

/** Tokens are told apart by where they come from, and never by their text. */
const together = (all: readonly Question[]): readonly Question[] => {
  const groups = Map.groupBy(all, ({ zone, token }) => `${zone.toLowerCase()} ${token?.origin ?? ""}`);
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    return first ? [{ ...first, permissions: [...new Set(group.flatMap((each) => each.permissions))] }] : [];
  });
};

const checkZone = async (
  client: CloudflareClient,
  name: string,
  origin: string,
  permissions: readonly CloudflarePermission[],
): Promise<readonly Finding[]> => {
  const zone = await client.zones.find(name);
  const health = zoneHealth(name, zone);
  if (!zone) {
    const message = `there is no zone for ${name} that ${origin} may see`;
    return [{ code: "P0641", severity: "blocker", message, hint: health.ready ? undefined : health.hint }];
  }
  return [healthFinding(zone, health), ...(await permissionFindings(client, zone, origin, permissions))];
};

const healthFinding = (zone: Zone, health: ReturnType<typeof zoneHealth>): Finding => {
  if (health.ready) {
    return { code: "P0640", severity: "ok", message: `zone ${zone.name} is ${health.detail ?? "active"}` };
  }
  const severity = health.worthWaiting ? "warning" : "blocker";
  return { code: "P0642", severity, message: health.reason, hint: health.hint };
};

const permissionFindings = async (
  client: CloudflareClient,
  zone: Zone,
  origin: string,
  permissions: readonly CloudflarePermission[],
): Promise<readonly Finding[]> => {
  const found = await allowances(client, zone, permissions);
  const those = (state: "allowed" | "missing" | "unknown") =>
    [...found].filter(([, each]) => each === state).map(([permission]) => permissionName(permission));
  const [allowed, missing, unknown] = [those("allowed"), those("missing"), those("unknown")];
  const findings: Finding[] = [];
  if (allowed.length > 0) {
    const message = `${origin} has ${allowed.join(" and ")} on ${zone.name}`;
    findings.push({ code: "P0645", severity: "ok", message });
  }
  if (missing.length > 0) {
    const names = missing.join(" and ");
    findings.push({
      code: "P0643",
      severity: "blocker",
      message: `${origin} has no ${names} on ${zone.name}`,
      hint: `add ${names} for this zone to the token: ${tokensPage}`,
    });
  }
  if (unknown.length > 0) {
    findings.push({
      code: "P0644",
      severity: "warning",
      message: `Cloudflare does not tell whether ${origin} has ${unknown.join(" and ")} on ${zone.name}`,
      hint: `look at the token's permissions: ${tokensPage}`,
    });
  }
  return findings;
};

/** What kept the question from being asked. */
const unasked = (error: unknown, zone: string, origin: string): Finding => {
  if (!(error instanceof Failure) || error.kind === "cancelled" || error.kind === "unexpected") throw error;
  const { message, hint } = error;
  switch (error.kind) {
    case "unauthenticated":
      return { code: "P0646", severity: "blocker", message: `${origin} opens nothing: ${message}`, hint };
    case "forbidden":
      return {
        code: "P0643",
        severity: "blocker",
        message: `${origin} may not look at ${zone}: ${message}`,
        hint,
      };
    default:
      return {
        code: "P0649",
        severity: "blocker",
        message: `Cloudflare could not be asked about ${zone}: ${message}`,
        hint,
      };
  }
};
