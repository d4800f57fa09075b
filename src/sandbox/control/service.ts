/** The control over HTTP: `GET /control/inventory`, `POST /control/fault` with its rule, and their like. */
import { z } from "zod";
import { faultRule } from "../faults.ts";
import { bearerOf, type Call, type Reply, serve } from "../http/call.ts";
import { assertionInput } from "../oidc/issuer.ts";
import type { Settings } from "../settings.ts";
import type { Service } from "../world.ts";
import { type Control, tokenInput, zoneInput } from "./control.ts";

/** Parses a POST's body and does what it says. What it gives back is the answer. */
type Action = (control: Control, body: unknown) => unknown;

const action =
  <Body>(schema: z.ZodType<Body>, run: (control: Control, body: Body) => unknown): Action =>
  (control, body) =>
    run(control, schema.parse(body));

const nothing = z.strictObject({}).optional();

const actions: Readonly<Record<string, Action>> = {
  reset: action(nothing, (control) => control.reset()),
  fault: action(faultRule, (control, rule) => control.fault(rule)),
  "clear-faults": action(nothing, (control) => control.clearFaults()),
  quota: action(
    z.strictObject({ location: z.string(), counter: z.string(), limit: z.number() }),
    (control, { location, counter, limit }) => control.quota(location, counter, limit),
  ),
  registration: action(
    z.strictObject({
      namespace: z.string(),
      state: z.enum(["Registered", "NotRegistered", "Registering"]),
    }),
    (control, { namespace, state }) => control.registration(namespace, state),
  ),
  "login-roles": action(z.array(z.string()), (control, names) => control.loginRoles(names)),
  "login-actions": action(z.array(z.string()), (control, actions) => control.loginActions(actions)),
  "hold-replication": action(z.boolean(), (control, held) => control.holdReplication(held)),
  "release-operations": action(
    z.strictObject({ resource: z.string().optional() }).optional(),
    (control, body) => control.releaseOperations(body?.resource),
  ),
  throttle: action(z.boolean(), (control, on) => control.throttle(on)),
  "token-lifetime": action(z.number().positive(), (control, seconds) => control.tokenLifetime(seconds)),
  "secret-expired": action(z.boolean(), (control, expired) => control.secretExpired(expired)),
  assertion: action(assertionInput, (control, input) => control.assertion(input)),
  zone: action(zoneInput, (control, zone) => control.zone(zone)),
  "cloudflare-token": action(tokenInput, (control, token) => control.cloudflareToken(token)),
  pace: action(z.enum(["instant", "demo"]), (control, name) => control.pace(name)),
  "clear-requests": action(nothing, (control) => control.clearRequests()),
};

const views: Readonly<Record<string, (control: Control) => unknown>> = {
  inventory: (control) => control.inventory(),
  requests: (control) => control.requests(),
  faults: (control) => control.faults(),
  status: () => ({ ready: true }),
};

export const createControlService = (control: Control, settings: Settings): Service => {
  const answer = (call: Call): Reply => {
    if (bearerOf(call) !== settings.controlToken) {
      return { status: 401, body: { error: "the control token of sandbox.json is needed" } };
    }
    const name = call.path.replace(/^\/control\//, "").replace(/\/$/, "");
    const view = views[name];
    if (call.method === "GET" && view) return { status: 200, body: view(control) };
    const act = actions[name];
    if (call.method !== "POST" || !act) {
      return { status: 404, body: { error: `the control has no ${call.method} ${name}` } };
    }
    try {
      const result = act(control, call.body === "" ? undefined : JSON.parse(call.body));
      return { status: 200, body: result ?? {} };
    } catch (error) {
      return { status: 400, body: { error: error instanceof Error ? error.message : String(error) } };
    }
  };
  return {
    name: "control",
    matches: (path) => path.startsWith("/control/"),
    handle: serve(answer),
    close: async () => undefined,
  };
};
