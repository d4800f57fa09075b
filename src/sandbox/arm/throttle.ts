/**
 * ARM's and AKS's token buckets for one principal:
 * https://learn.microsoft.com/azure/azure-resource-manager/management/request-limits-and-throttling and
 * https://learn.microsoft.com/azure/aks/quotas-skus-regions (throttling limits on the AKS resource provider).
 */
import { ArmError } from "./errors.ts";

interface Bucket {
  readonly name: string;
  readonly size: number;
  /** Tokens a second. */
  readonly refill: number;
  readonly code: string;
  matches(method: string, path: string): boolean;
}

const cluster = /\/managedclusters\/[^/]+\/?$/i;
const pool = /\/managedclusters\/[^/]+\/agentpools\/[^/]+\/?$/i;
const isRead = (method: string): boolean => method === "GET" || method === "HEAD";

const buckets: readonly Bucket[] = [
  {
    name: "PutManagedCluster",
    size: 20,
    refill: 1 / 60,
    code: "Throttled",
    matches: (method, path) => method === "PUT" && cluster.test(path),
  },
  {
    name: "PutAgentPool",
    size: 20,
    refill: 1 / 60,
    code: "Throttled",
    matches: (method, path) => method === "PUT" && pool.test(path),
  },
  {
    name: "GetManagedCluster",
    size: 60,
    refill: 1,
    code: "Throttled",
    matches: (method, path) => isRead(method) && cluster.test(path),
  },
  {
    name: "GetOperationStatus",
    size: 200,
    refill: 2,
    code: "Throttled",
    matches: (method, path) =>
      isRead(method) && /\/microsoft\.containerservice\/locations\/[^/]+\/operations\//i.test(path),
  },
  {
    name: "ListManagedClustersByResourceGroup",
    size: 60,
    refill: 1,
    code: "Throttled",
    matches: (method, path) =>
      isRead(method) && /\/resourcegroups\/[^/]+\/.*\/managedclusters\/?$/i.test(path),
  },
  {
    name: "ListManagedClustersBySubscription",
    size: 500,
    refill: 1,
    code: "Throttled",
    matches: (method, path) =>
      isRead(method) &&
      /^\/subscriptions\/[^/]+\/providers\/microsoft\.containerservice\/managedclusters\/?$/i.test(path),
  },
  {
    name: "SubscriptionReads",
    size: 250,
    refill: 25,
    code: "SubscriptionRequestsThrottled",
    matches: (method) => isRead(method),
  },
  {
    name: "SubscriptionWrites",
    size: 200,
    refill: 10,
    code: "SubscriptionRequestsThrottled",
    matches: (method) => !isRead(method),
  },
];

export interface Throttle {
  /** Takes a token from each bucket that the request falls into; throws 429 with `Retry-After` where one is empty. */
  take(principal: string, method: string, path: string, now: number): void;
  clear(): void;
}

export const createThrottle = (): Throttle => {
  const levels = new Map<string, { tokens: number; at: number }>();
  return {
    take(principal, method, path, now) {
      const chosen = buckets.filter((bucket) => bucket.matches(method, path));
      const filled = chosen.map((bucket) => {
        const key = `${principal} ${bucket.name}`;
        const level = levels.get(key) ?? { tokens: bucket.size, at: now };
        const tokens = Math.min(bucket.size, level.tokens + ((now - level.at) / 1000) * bucket.refill);
        return { bucket, key, tokens };
      });
      const empty = filled.find((level) => level.tokens < 1);
      if (empty) {
        const seconds = Math.max(1, Math.ceil((1 - empty.tokens) / empty.bucket.refill));
        throw new ArmError(
          429,
          empty.bucket.code,
          empty.bucket.code === "Throttled"
            ? `The request is throttled because of the limit of '${empty.bucket.name}'. Please retry after ${seconds} seconds.`
            : `Number of requests for subscription has exceeded the limit. Please try again after '${seconds}' seconds.`,
          { headers: { "retry-after": String(seconds) } },
        );
      }
      for (const { key, tokens } of filled) levels.set(key, { tokens: tokens - 1, at: now });
    },
    clear: () => levels.clear(),
  };
};
