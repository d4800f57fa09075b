/**
 * Azure Resource Manager on loopback: who calls, which api-version, which bucket, and then which route. Paths are
 * compared without regard to case, errors are `{ error: { code, message } }`.
 */
import { randomUUID } from "node:crypto";
import type { Entra } from "../entra/service.ts";
import { type Call, type Reply, serve } from "../http/call.ts";
import type { AdjustablePace } from "../pace.ts";
import type { Settings } from "../settings.ts";
import type { ArmWorld, Service, Store, World } from "../world.ts";
import { armWorld } from "./arm-world.ts";
import { createCore } from "./core.ts";
import { ArmError, badRequest, errorReply } from "./errors.ts";
import { parseTarget, placeOf, typeOf } from "./id.ts";
import { answerIdentity, isIdentityEndpoint } from "./identity-endpoint.ts";
import { allKinds } from "./kinds.generated.ts";
import { loginOf } from "./login.ts";
import { metadata } from "./metadata.ts";
import { resultReply, statusReply } from "./operations.ts";
import { authorizationRoutes } from "./routes/authorization.ts";
import { groupRoutes } from "./routes/groups.ts";
import { lookupRoutes } from "./routes/lookups.ts";
import { answerResource } from "./routes/resources.ts";
import { subscriptionRoutes } from "./routes/subscription.ts";
import { tagRoutes } from "./routes/tags.ts";
import type { ArmState } from "./state.ts";
import { createThrottle } from "./throttle.ts";

export interface ArmService extends Service {
  readonly world: ArmWorld;
  /** Lets held operations end, all or those on one resource. */
  release(resource?: string): void;
  /** Takes up what was under way when the sandbox was stopped. */
  resume(): void;
  /** Forgets what the throttling buckets hold. */
  clearThrottle(): void;
}

const routes = [...subscriptionRoutes, ...groupRoutes, ...lookupRoutes, ...authorizationRoutes, ...tagRoutes];
const paths = /^\/(?:subscriptions|tenants|providers|metadata)(?:\/|$)/i;
const operationPath = /\/(operations|operationstatuses|operationresults)\/([^/]+)\/?$/i;

export const createArmService = (
  world: World,
  settings: Settings,
  store: Store<ArmState>,
  pace: AdjustablePace,
  entra: Entra,
): ArmService => {
  const core = createCore(world, settings, store, pace, allKinds);
  const throttle = createThrottle();

  const operation = (call: Call, form: string, id: string): Reply => {
    const found = core.operations.find(id);
    if (!found) {
      throw new ArmError(404, "NotFound", `The operation '${id}' was not found.`);
    }
    const retryAfter = core.operations.retryAfter();
    if (form.toLowerCase() !== "operationresults") return statusReply(found, call.path, retryAfter);
    return resultReply(found, `${world.url()}${call.path}?${call.query}`, retryAfter);
  };

  const checkPlace = (call: Call): void => {
    const { subscription } = placeOf(call.path);
    if (subscription !== undefined && subscription.toLowerCase() !== settings.subscription) {
      throw new ArmError(
        404,
        "SubscriptionNotFound",
        `The subscription '${subscription}' could not be found.`,
      );
    }
  };

  const notFound = (call: Call): ArmError => {
    const target = parseTarget(call.path);
    if (!target) {
      return new ArmError(
        404,
        "NotFound",
        `No HTTP resource was found that matches the request URI '${call.path}'.`,
      );
    }
    return new ArmError(
      404,
      "InvalidResourceType",
      `The resource type '${typeOf(target)}' could not be found in the namespace '${target.namespace}' for api version '${call.query.get("api-version")}'.`,
    );
  };

  const route = (call: Call): Reply => {
    const caller = loginOf(call, entra, settings, world.url());
    if (pace.name === "demo" || store.state.throttled) {
      throttle.take(caller, call.method, call.path, pace.now());
    }
    const version = call.query.get("api-version");
    if (version === null) {
      throw badRequest(
        "MissingApiVersionParameter",
        "The api-version query parameter (?api-version=) is required for all requests.",
      );
    }
    if (!/^\d{4}-\d{2}-\d{2}(-preview)?$/i.test(version)) {
      throw badRequest(
        "InvalidApiVersionParameter",
        `The api-version '${version}' is invalid. The supported versions are of the form 'YYYY-MM-DD'.`,
      );
    }
    checkPlace(call);
    const running = operationPath.exec(call.path);
    if (running && call.method === "GET") return operation(call, running[1] ?? "", running[2] ?? "");
    for (const candidate of routes) {
      const match = candidate.method === call.method ? candidate.pattern.exec(call.path) : null;
      if (match)
        return candidate.answer({ core, call, caller, parts: match.slice(1).map((part) => part ?? "") });
    }
    const reply = answerResource({ core, call, caller, parts: [] });
    if (!reply) throw notFound(call);
    return reply;
  };

  const answer = (call: Call): Reply => {
    if (isIdentityEndpoint(call.path)) return answerIdentity(core, entra, settings.controlToken, call);
    const request = randomUUID();
    const headers = {
      "x-ms-request-id": request,
      "x-ms-correlation-request-id": call.headers["x-ms-correlation-request-id"] ?? request,
      "x-ms-routing-request-id": `SANDBOX:${request}`,
      ...(call.method === "GET" || call.method === "HEAD"
        ? { "x-ms-ratelimit-remaining-subscription-reads": "249" }
        : call.method === "DELETE"
          ? { "x-ms-ratelimit-remaining-subscription-deletes": "199" }
          : { "x-ms-ratelimit-remaining-subscription-writes": "199" }),
    };
    if (/^\/metadata\/endpoints\/?$/i.test(call.path)) return metadata(call, world.url(), settings);
    try {
      const reply = route(call);
      return { ...reply, headers: { ...headers, ...reply.headers } };
    } catch (error) {
      if (!(error instanceof ArmError)) throw error;
      const reply = errorReply(error);
      return { ...reply, headers: { ...headers, ...reply.headers } };
    }
  };

  return {
    name: "arm",
    matches: (path) => paths.test(path) || isIdentityEndpoint(path),
    handle: serve(answer),
    close: async () => undefined,
    world: armWorld(core),
    release: core.operations.release,
    resume: core.resume,
    clearThrottle: throttle.clear,
  };
};
