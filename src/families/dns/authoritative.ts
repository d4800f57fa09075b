/** Whether a record is what the world gets: at the zone's own name servers, past every cache, and through the delegation. */
import { dns, type QueryType } from "../../clients/dns/dns.ts";
import type { StepContext } from "../../step/context.ts";
import type { Verdict } from "../../step/step.ts";

export interface Published {
  /** The zone's domain name. */
  readonly zone: string;
  readonly nameServers: readonly string[];
  /** The record's full name. */
  readonly name: string;
  readonly type: QueryType;
  /** What must be among the answers; undefined where any answer will do (an alias, a flattened CNAME). */
  readonly values?: readonly string[] | undefined;
}

const plain = (text: string): string => text.toLowerCase().replace(/\.$/, "");
const normal = (type: QueryType, text: string): string => {
  switch (type) {
    case "A":
    case "CNAME":
      return plain(text);
    case "AAAA":
      return canonicalIpv6(text);
    case "TXT":
      return text;
  }
};
const canonicalIpv6 = (text: string): string => {
  try {
    return new URL(`http://[${text.trim()}]`).hostname;
  } catch {
    return plain(text);
  }
};

/** Ready where the zone's name servers answer with it. */
export const answers = async (context: StepContext, published: Published): Promise<Verdict> => {
  const { name, type, nameServers, values } = published;
  const client = await context.use(dns);
  const given = (await client.ask(nameServers, name, type, context.signal)).map((one) => normal(type, one));
  const missing = (values ?? []).map((one) => normal(type, one)).filter((one) => !given.includes(one));
  if (given.length > 0 && missing.length === 0) {
    return { ready: true, detail: `${name} ${type} ${given.join(", ")}` };
  }
  const said = given.length === 0 ? `no ${type} record` : given.join(", ");
  return {
    ready: false,
    reason: `${nameServers[0] ?? "its name server"} answers ${said} for ${name}${missing.length > 0 ? `, not ${missing.join(", ")}` : ""}`,
    worthWaiting: true,
  };
};

/** What a person must set at the registrar; undefined where the domain is delegated to these name servers. */
export const delegationGap = async (
  context: StepContext,
  zone: string,
  nameServers: readonly string[],
): Promise<string | undefined> => {
  const client = await context.use(dns);
  const found = await client.delegation(zone, context.signal);
  const wanted = nameServers.map(plain).toSorted();
  // One in common is a delegation that works, if not a tidy one.
  if (found.some((server) => wanted.includes(server))) return undefined;
  return `At the registrar of ${zone}, set the name servers to ${wanted.join(", ")}${found.length > 0 ? ` (now ${found.join(", ")})` : ""}.`;
};

/** Ready where the name servers answer with it and the domain is delegated to them. */
export const resolves = async (context: StepContext, published: Published): Promise<Verdict> => {
  const answered = await answers(context, published);
  if (!answered.ready) return answered;
  const gap = await delegationGap(context, published.zone, published.nameServers);
  if (gap === undefined) return answered;
  return {
    ready: false,
    reason: `${published.zone} is not delegated to the name servers that have the record`,
    worthWaiting: false,
    needsPerson: true,
    hint: gap,
  };
};
