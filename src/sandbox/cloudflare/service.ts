/** The Cloudflare service: the same calls over the wire and in process, and its request limit. */
import { bearerOf, type Call, type Reply, serve } from "../http/call.ts";
import type { AdjustablePace } from "../pace.ts";
import type { CloudflareWorld, Service, Store } from "../world.ts";
import { answerCloudflare, type CloudflareCall } from "./api.ts";
import { CloudflareError } from "./errors.ts";
import type { CloudflareState } from "./state.ts";

export interface CloudflareService extends Service {
  readonly world: CloudflareWorld;
}

const base = /^\/client\/v4(?=\/|$)/;
/** https://developers.cloudflare.com/fundamentals/api/reference/limits: 1,200 requests in five minutes for a user. */
const limit = { requests: 1200, milliseconds: 300_000 };

const parseBody = (text: string): unknown => {
  if (text === "") return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** `counted`: whether calls count against the limit just now. */
export const createCloudflareService = (
  store: Store<CloudflareState>,
  pace: AdjustablePace,
  counted: () => boolean,
): CloudflareService => {
  let recent: number[] = [];
  const take = (): void => {
    if (!counted()) return;
    const now = pace.now();
    recent = recent.filter((at) => at > now - limit.milliseconds);
    if (recent.length >= limit.requests) {
      const seconds = Math.ceil(((recent[0] ?? now) + limit.milliseconds - now) / 1000);
      throw new CloudflareError(429, 971, "Please wait and consider throttling your request speed", {
        "retry-after": String(Math.max(1, seconds)),
      });
    }
    recent.push(now);
  };
  const ask = (call: CloudflareCall) => answerCloudflare(store.state, call, pace.now(), store.changed, take);
  const answer = (call: Call): Reply =>
    ask({
      token: bearerOf(call),
      method: call.method,
      path: call.path.replace(base, ""),
      query: call.query,
      body: parseBody(call.body),
    });
  return {
    name: "cloudflare",
    matches: (path) => base.test(path),
    handle: serve(answer),
    close: async () => undefined,
    world: {
      request(token, method, path, body) {
        const url = new URL(path.replace(base, ""), "https://api.cloudflare.com");
        const { status, body: answered } = ask({
          token,
          method,
          path: url.pathname,
          query: url.searchParams,
          body,
        });
        return { status, body: answered };
      },
      resolve: (name, type) =>
        store.state.records
          .filter((record) => record.name === name && record.type === type)
          .map((record) => String(record.content ?? "")),
    },
  };
};
