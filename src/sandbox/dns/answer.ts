/**
 * What a name server of the sandbox answers: a provider's own servers for its zones alone, with CNAMEs at the root
 * flattened on Cloudflare; the resolver for every name there is. Pure.
 */
import { type Provider, plainName, type Served, type ServedRecord, type ServedZone } from "./zones.ts";

export interface Answer {
  readonly code: "NOERROR" | "NXDOMAIN" | "REFUSED";
  readonly isAuthoritative: boolean;
  readonly records: readonly {
    readonly name: string;
    readonly type: string;
    readonly ttl: number;
    readonly value: string;
  }[];
}

/** A chain of CNAMEs that is longer is a loop. */
const longestChain = 8;

const zoneFor = (zones: readonly ServedZone[], name: string): ServedZone | undefined =>
  zones
    .filter((zone) => name === zone.name || name.endsWith(`.${zone.name}`))
    // The sort keeps the order of zones with one name: the delegated one is first.
    .toSorted((a, b) => b.name.length - a.name.length)[0];

const at = (zone: ServedZone, name: string): readonly ServedRecord[] => {
  const exact = zone.records.filter((record) => record.name === name);
  const wildcard = `*.${name.split(".").slice(1).join(".")}`;
  return exact.length > 0
    ? exact
    : zone.records.filter((record) => record.name === wildcard).map((record) => ({ ...record, name }));
};

const spread = ({ name, type, ttl, values }: ServedRecord) =>
  values.map((value) => ({ name, type, ttl, value }));

/** `provider`: whose name server is asked; the resolver without one. */
export const answerQuery = (
  served: Served,
  asked: string,
  type: string,
  provider?: Provider,
  chain = 0,
): Answer => {
  const name = plainName(asked);
  const zones = served.zones.filter((zone) => provider === undefined || zone.provider === provider);
  const zone = zoneFor(zones, name);
  const isAuthoritative = provider !== undefined;
  const noError = (records: Answer["records"]): Answer => ({ code: "NOERROR", isAuthoritative, records });
  if (!zone) {
    const host = provider === undefined ? served.hosts.get(name) : undefined;
    if (host !== undefined) {
      return noError(type === "A" ? [{ name, type, ttl: 10, value: host }] : []);
    }
    return { code: provider === undefined ? "NXDOMAIN" : "REFUSED", isAuthoritative: false, records: [] };
  }
  if (type === "NS" && name === zone.name) {
    return noError(zone.nameServers.map((value) => ({ name, type, ttl: 86_400, value })));
  }
  const here = at(zone, name);
  const exact = here.filter((record) => record.type === type).flatMap(spread);
  const cname = here.find((record) => record.type === "CNAME");
  const target = cname?.values[0];
  const isFlattened = zone.provider === "cloudflare" && name === zone.name;
  if (cname && target !== undefined && isFlattened) {
    if ((type !== "A" && type !== "AAAA") || chain >= longestChain)
      return noError(exact.filter((one) => one.type !== "CNAME"));
    const reached = answerQuery(served, target, type, undefined, chain + 1).records;
    return noError(
      reached.filter((one) => one.type === type).map((one) => ({ ...one, name, ttl: cname.ttl })),
    );
  }
  if (exact.length > 0) return noError(exact);
  if (cname && target !== undefined && chain < longestChain) {
    const next = answerQuery(served, target, type, provider, chain + 1).records;
    return noError([...spread(cname), ...next]);
  }
  if (here.length > 0 || name === zone.name) return noError([]);
  return { code: "NXDOMAIN", isAuthoritative, records: [] };
};
