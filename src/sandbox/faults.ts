/** Planned faults: rules that a test sets, each of which meets the requests that it matches, so many times. */
import type { IncomingMessage } from "node:http";
import { z } from "zod";

const match = {
  /** Service that is asked; any where it is left out. */
  service: z.enum(["arm", "entra", "cloudflare", "kubernetes", "github", "graph", "oidc"]).optional(),
  method: z.string().optional(),
  /** Regular expression, without regard to case, on the path without its query. */
  path: z.string().optional(),
  /** How many requests it meets; 1 by default, -1 for all. */
  times: z.int().default(1),
  /** How many matching requests it lets pass first. */
  skip: z.int().min(0).default(0),
};

/** What a rule does to a request that it matches. */
export const faultRule = z.discriminatedUnion("kind", [
  /** Answers after so many milliseconds. */
  z.strictObject({ ...match, kind: z.literal("latency"), milliseconds: z.number().min(0) }),
  /** Answers this instead of asking the service. */
  z.strictObject({
    ...match,
    kind: z.literal("status"),
    status: z.int().min(400).max(599),
    headers: z.record(z.string(), z.string()).default({}),
    body: z.unknown().optional(),
  }),
  /** Cuts the connection before the service hears of it. */
  z.strictObject({ ...match, kind: z.literal("reset-before") }),
  /** Lets the service do it and cuts the connection instead of answering. */
  z.strictObject({ ...match, kind: z.literal("reset-after") }),
  /** ARM: the operation that this request starts goes on until it is released. */
  z.strictObject({ ...match, kind: z.literal("stuck-operation") }),
  /** ARM: the operation that this request starts ends as failed. */
  z.strictObject({
    ...match,
    kind: z.literal("failed-operation"),
    code: z.string(),
    message: z.string(),
  }),
  /** ARM and Kubernetes: the bearer token is taken for an expired one. */
  z.strictObject({ ...match, kind: z.literal("expired-token") }),
]);

export type FaultRule = z.input<typeof faultRule>;
export type Fault = z.output<typeof faultRule>;

export interface Faults {
  add(rule: FaultRule): void;
  clear(): void;
  list(): readonly Fault[];
  /** The first rule that this request meets, counted down. */
  take(service: string, method: string, path: string): Fault | undefined;
}

export const createFaults = (): Faults => {
  let rules: Fault[] = [];
  const matches = (rule: Fault, service: string, method: string, path: string): boolean =>
    (rule.service === undefined || rule.service === service) &&
    (rule.method === undefined || rule.method.toUpperCase() === method) &&
    (rule.path === undefined || new RegExp(rule.path, "i").test(path));
  return {
    add: (rule) => {
      rules.push(faultRule.parse(rule));
    },
    clear: () => {
      rules = [];
    },
    list: () => rules,
    take(service, method, path) {
      for (const rule of rules) {
        if (!matches(rule, service, method, path)) continue;
        if (rule.skip > 0) {
          rule.skip--;
          continue;
        }
        if (rule.times > 0) rule.times--;
        if (rule.times === 0) rules = rules.filter((other) => other !== rule);
        return rule;
      }
      return undefined;
    },
  };
};

const met = new WeakMap<IncomingMessage, Fault>();

/** Notes that a request met a fault in which its service takes part. */
export const noteFault = (request: IncomingMessage, fault: Fault): void => {
  met.set(request, fault);
};

export const faultOf = (request: IncomingMessage): Fault | undefined => met.get(request);
