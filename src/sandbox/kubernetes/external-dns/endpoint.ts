/** What External DNS compares: a name, a type and its targets, as they are or as they should be. */
import { isIPv4, isIPv6 } from "node:net";

export interface Endpoint {
  /** Lower case, without a final dot. */
  readonly name: string;
  readonly type: string;
  readonly targets: readonly string[];
  /** Seconds; 0 is not configured. */
  readonly ttl: number;
  readonly proxied: boolean;
  readonly comment: string;
  readonly tags: readonly string[];
  /** `ingress/<namespace>/<name>`, of the TXT record where the endpoint comes from DNS. */
  readonly resource: string | undefined;
  /** Of the TXT record; absent on what is wanted, and on records without one. */
  readonly owner?: string | undefined;
}

/** A for IPv4, AAAA for IPv6, CNAME for everything else. */
export const typeOfTarget = (target: string): string => {
  if (isIPv4(target)) return "A";
  return isIPv6(target) ? "AAAA" : "CNAME";
};

/** Order and case of targets do not count. */
export const sameTargets = (a: readonly string[], b: readonly string[]): boolean => key(a) === key(b);

const key = (targets: readonly string[]): string =>
  targets
    .map((target) => target.toLowerCase())
    .sort()
    .join(" ");

/**
 * Whether a domain is inside the filters: the domain itself and what is below it; a filter that begins with a dot
 * takes only what is below. No filter matches everything. As `endpoint/domain_filter.go`.
 */
export const matchesFilters = (filters: readonly string[], domain: string): boolean =>
  filters.length === 0 ||
  filters.some((filter) =>
    filter.startsWith(".") ? domain.endsWith(filter) : domain === filter || domain.endsWith(`.${filter}`),
  );
