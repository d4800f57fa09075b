/** Asks Cloudflare whether zones exist, are active and delegated, and what the tokens may do on them. */
import type { CloudflareClient, Zone } from "../clients/cloudflare/client.ts";
import { cloudflare, cloudflareWith } from "../clients/cloudflare/cloudflare.ts";
import { allowances, permissionName } from "../clients/cloudflare/permissions.ts";
import { zoneHealth } from "../clients/cloudflare/zone-health.ts";
import { Failure } from "../step/failure.ts";
import type { Finding } from "../step/finding.ts";
import type { CloudflarePermission } from "../step/requirement.ts";
import { type Check, type OfKind, ofKind, stepsOf } from "./check.ts";

const tokensPage = "https://dash.cloudflare.com/profile/api-tokens";

/** Each zone is asked for once with each token, whatever the number of steps. */
export const checkCloudflare: Check = async (asked, { use, signal, cloudflareOrigin }) => {
  const questions = together(
    ofKind(asked, "cloudflare-zone").map((each) =>
      each.token?.origin === cloudflareOrigin ? { ...each, token: undefined } : each,
    ),
  );
  const clients = new Map<string, Promise<CloudflareClient>>();
  const findings = await Promise.all(
    questions.map(async (question) => {
      const { zone, token } = question;
      signal.throwIfAborted();
      const origin = token?.origin ?? cloudflareOrigin ?? "the run's own token";
      try {
        const key = token?.origin ?? "";
        const client = clients.get(key) ?? use(token ? cloudflareWith(token) : cloudflare);
        clients.set(key, client);
        return await checkZone(await client, question, origin);
      } catch (error) {
        return [{ ...unasked(error, zone, origin), steps: stepsOf(question.asked) }];
      }
    }),
  );
  return findings.flat();
};

type ZoneAsked = OfKind<"cloudflare-zone">;

/** What several steps ask about one zone with one token. */
interface Question extends Pick<ZoneAsked, "zone" | "token"> {
  readonly asked: readonly ZoneAsked[];
}

/** Tokens are told apart by where they come from, and never by their text. */
const together = (all: readonly ZoneAsked[]): readonly Question[] => {
  const groups = Map.groupBy(all, ({ zone, token }) => `${zone.toLowerCase()} ${token?.origin ?? ""}`);
  return [...groups.values()].flatMap((asked) =>
    asked.slice(0, 1).map(({ zone, token }) => ({ zone, token, asked })),
  );
};

const checkZone = async (
  client: CloudflareClient,
  { zone: name, asked }: Question,
  origin: string,
): Promise<readonly Finding[]> => {
  const zone = await client.zones.find(name);
  const health = zoneHealth(name, zone);
  const steps = stepsOf(asked);
  if (!zone) {
    const message = `there is no zone for ${name} that ${origin} may see`;
    const hint = health.ready ? undefined : health.hint;
    return [{ code: "P0641", severity: "blocker", steps, message, hint }];
  }
  return [
    { ...healthFinding(zone, health), steps },
    ...(await permissionFindings(client, zone, origin, asked)),
  ];
};

const healthFinding = (zone: Zone, health: ReturnType<typeof zoneHealth>): Omit<Finding, "steps"> => {
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
  asked: readonly ZoneAsked[],
): Promise<readonly Finding[]> => {
  const wanted = [...new Set(asked.flatMap(({ permissions }) => permissions))];
  const found = await allowances(client, zone, wanted);
  const those = (state: "allowed" | "missing" | "unknown") =>
    wanted.filter((permission) => found.get(permission) === state);
  const named = (permissions: readonly CloudflarePermission[]) =>
    permissions.map(permissionName).join(" and ");
  /** Only those that ask for one of these. */
  const askedBy = (permissions: readonly CloudflarePermission[]) =>
    stepsOf(asked.filter((each) => each.permissions.some((permission) => permissions.includes(permission))));
  const [allowed, missing, unknown] = [those("allowed"), those("missing"), those("unknown")];
  const findings: Finding[] = [];
  if (allowed.length > 0) {
    const message = `${origin} has ${named(allowed)} on ${zone.name}`;
    findings.push({ code: "P0645", severity: "ok", steps: askedBy(allowed), message });
  }
  if (missing.length > 0) {
    const names = named(missing);
    findings.push({
      code: "P0643",
      severity: "blocker",
      steps: askedBy(missing),
      message: `${origin} has no ${names} on ${zone.name}`,
      hint: `add ${names} for this zone to the token: ${tokensPage}`,
    });
  }
  if (unknown.length > 0) {
    findings.push({
      code: "P0644",
      severity: "warning",
      steps: askedBy(unknown),
      message: `Cloudflare does not tell whether ${origin} has ${named(unknown)} on ${zone.name}`,
      hint: `look at the token's permissions: ${tokensPage}`,
    });
  }
  return findings;
};

/** What kept the question from being asked. */
const unasked = (error: unknown, zone: string, origin: string): Omit<Finding, "steps"> => {
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
