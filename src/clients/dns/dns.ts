/**
 * Asks a zone's own name servers what they answer, past every cache, and the resolver whom the domain is delegated to.
 * `PROVISION_NAME_SERVERS` puts other servers in their place, as the sandbox does.
 */
import { Resolver } from "node:dns/promises";
import type { ClientKey } from "../../step/context.ts";
import { Failure } from "../../step/failure.ts";

export type QueryType = "A" | "AAAA" | "CNAME" | "TXT";

export interface DnsClient {
  /**
   * What the first of the name servers that answers says, without final dots; addresses at the end of CNAMEs. Empty
   * where it has no such record. @throws Failure `transient` where none of them answers.
   */
  ask(
    nameServers: readonly string[],
    name: string,
    type: QueryType,
    signal: AbortSignal,
  ): Promise<readonly string[]>;
  /** The name servers that the domain is delegated to; empty where it is to none. */
  delegation(domain: string, signal: AbortSignal): Promise<readonly string[]>;
}

export const dns: ClientKey<DnsClient> = {
  name: "dns",
  open: async ({ variables }) => dnsWith(variables.PROVISION_NAME_SERVERS),
};

/** Milliseconds for one try; each server is tried twice. */
const timeout = 3000;

/** Answers of c-ares that say there is nothing, and those of a zone that nobody serves. */
const nothing = new Set(["ENODATA", "ENOTFOUND"]);
const unserved = new Set([...nothing, "ESERVFAIL", "EREFUSED"]);

const plain = (name: string): string => name.toLowerCase().replace(/\.$/, "");
const codeOf = (error: unknown): string =>
  error instanceof Error && "code" in error ? String(error.code) : "";

export const dnsWith = (instead = ""): DnsClient => {
  const stands = instead.split(",").flatMap((entry): [string, string][] => {
    const [suffix, address] = entry.split("=");
    return suffix && address ? [[suffix, address]] : [];
  });
  const standIn = (server: string): string | undefined =>
    stands.find(([suffix]) => suffix === server || server.endsWith(`.${suffix}`))?.[1];

  const within = async <Result>(
    signal: AbortSignal,
    servers: readonly string[],
    ask: (resolver: Resolver) => Promise<Result>,
  ): Promise<Result> => {
    signal.throwIfAborted();
    const resolver = new Resolver({ timeout, tries: 2 });
    if (servers.length > 0) resolver.setServers(servers);
    const cancel = () => resolver.cancel();
    signal.addEventListener("abort", cancel, { once: true });
    try {
      return await ask(resolver);
    } catch (error) {
      signal.throwIfAborted();
      throw error;
    } finally {
      signal.removeEventListener("abort", cancel);
    }
  };

  const publicServers = stands.filter(([suffix]) => suffix === "*").map(([, address]) => address);

  const addressesOf = async (names: readonly string[], signal: AbortSignal): Promise<readonly string[]> => {
    const found = await Promise.all(
      names.map(plain).map(async (name) => {
        const stand = standIn(name);
        if (stand !== undefined) return [stand];
        return within(signal, publicServers, (resolver) => resolver.resolve4(name)).catch(
          (error: unknown) => {
            signal.throwIfAborted();
            if (codeOf(error) === "") throw error;
            return [];
          },
        );
      }),
    );
    return [...new Set(found.flat())];
  };

  return {
    ask: async (nameServers, name, type, signal) => {
      const servers = await addressesOf(nameServers, signal);
      if (servers.length === 0) throw silent(name, nameServers, "their addresses can't be resolved");
      try {
        return await within(signal, servers, (resolver) => query(resolver, name, type));
      } catch (error) {
        signal.throwIfAborted();
        const code = codeOf(error);
        if (nothing.has(code)) return [];
        if (code === "") throw error;
        throw silent(name, nameServers, code);
      }
    },
    delegation: async (domain, signal) => {
      try {
        const servers = await within(signal, publicServers, (resolver) => resolver.resolveNs(domain));
        return servers.map(plain).toSorted();
      } catch (error) {
        signal.throwIfAborted();
        const code = codeOf(error);
        if (unserved.has(code)) return [];
        if (code === "") throw error;
        throw silent(domain, ["this machine's resolver"], code);
      }
    },
  };
};

const query = async (resolver: Resolver, name: string, type: QueryType): Promise<readonly string[]> => {
  switch (type) {
    case "A":
      return resolver.resolve4(name);
    case "AAAA":
      return resolver.resolve6(name);
    case "CNAME":
      return (await resolver.resolveCname(name)).map(plain);
    case "TXT":
      return (await resolver.resolveTxt(name)).map((parts) => parts.join(""));
  }
};

const silent = (name: string, servers: readonly string[], reason: string): Failure =>
  new Failure({
    kind: "transient",
    code: "P0490",
    message: `${servers.join(", ")} did not answer for ${name}: ${reason}`,
    hint: "Let this machine send DNS queries (UDP and TCP port 53) to the internet.",
    resource: name,
  });
