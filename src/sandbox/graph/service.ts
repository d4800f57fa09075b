/**
 * Microsoft Graph v1.0 on loopback, as far as applications, their federated credentials and service principals go:
 * who calls, what of the directory it may do, and then which collection. Only the sandbox's own login manages it.
 */
import type { Entra } from "../entra/service.ts";
import { bearerOf, type Call, type Reply, serve } from "../http/call.ts";
import type { AdjustablePace } from "../pace.ts";
import type { Settings } from "../settings.ts";
import type { DirectoryWorld, Service, Store, World } from "../world.ts";
import { answerApplications, answerDeletedItems, applicationBy, type Directory } from "./applications.ts";
import { answerCredentials } from "./credentials.ts";
import { errorReply, GraphError, notFound, requestHeaders } from "./errors.ts";
import { keyOf } from "./request.ts";
import { answerServicePrincipals } from "./service-principals.ts";
import type { GraphState } from "./state.ts";

export interface GraphService extends Service {
  readonly world: DirectoryWorld;
  /** Takes up what was not known everywhere when the sandbox was stopped, or while it was held. */
  resume(): void;
}

const prefix = "/graph/v1.0/";
/** Milliseconds until all of the directory's replicas know a new object. */
const replication = 15_000;
/** Audiences of tokens for Microsoft Graph, besides the sandbox's own. */
const audiences = ["https://graph.microsoft.com", "00000003-0000-0000-c000-000000000000"];
const collection = /^(applications|servicePrincipals)(\([^)]*\)|\/[^/()]+)?(?:\/(.+))?$/i;
const credentials = /^federatedIdentityCredentials(\([^)]*\)|\/[^/()]+)?$/i;

/** `held`: whether new objects stay unknown to the rest of the directory. */
export const createGraphService = (
  world: World,
  settings: Settings,
  store: Store<GraphState>,
  pace: AdjustablePace,
  entra: Entra,
  held: () => boolean,
): GraphService => {
  const replicate = (object: { replicated: boolean }): void => {
    if (held()) return;
    if (pace.name === "instant") object.replicated = true;
    else
      pace.after(replication, () => {
        object.replicated = true;
        store.changed();
      });
  };
  const directory: Directory = {
    get state() {
      return store.state;
    },
    changed: store.changed,
    now: () => world.pace.now(),
    replicate,
    get base() {
      return `${world.url()}/graph/v1.0`;
    },
  };

  const authorize = (call: Call): void => {
    const refuse = (message: string): GraphError =>
      new GraphError(401, "InvalidAuthenticationToken", message);
    const token = bearerOf(call);
    if (token === undefined) throw refuse("Access token is empty.");
    const verdict = entra.check(token);
    if ((!verdict.valid && verdict.reason === "expired") || call.fault?.kind === "expired-token") {
      throw refuse("Lifetime validation failed, the token is expired.");
    }
    if (!verdict.valid) throw refuse("Access token validation failure.");
    const { aud, oid } = verdict.claims;
    if (!audiences.includes(aud.replace(/\/+$/, "")) && aud.replace(/\/+$/, "") !== `${world.url()}/graph`) {
      throw refuse("Access token validation failure. Invalid audience.");
    }
    if (oid === settings.principal) return;
    throw new GraphError(
      403,
      "Authorization_RequestDenied",
      "Insufficient privileges to complete the operation.",
    );
  };

  const below = (key: string, rest: string, call: Call): Reply | undefined => {
    const application = applicationBy(directory, keyOf(key));
    const match = credentials.exec(rest);
    if (!match) return undefined;
    if (!application?.replicated) throw notFound(keyOf(key).value);
    const own = match[1] === undefined ? undefined : keyOf(match[1]);
    return answerCredentials(application, own, call, directory.base, store.changed);
  };

  const route = (call: Call): Reply => {
    authorize(call);
    const path = call.path.slice(prefix.length).replace(/\/$/, "");
    const deleted = /^directory\/deletedItems\/(.+)$/i.exec(path)?.[1];
    if (deleted !== undefined) return answerDeletedItems(directory, deleted, call) ?? unknown(path);
    const [, name = "", key, rest] = collection.exec(path) ?? [];
    const of = key === undefined ? undefined : keyOf(key);
    if (name.toLowerCase() === "applications") {
      const reply =
        rest !== undefined && key !== undefined
          ? below(key, rest, call)
          : answerApplications(directory, of, call);
      return reply ?? unknown(path);
    }
    if (name.toLowerCase() === "serviceprincipals" && rest === undefined) {
      return answerServicePrincipals(directory, settings.tenant, of, call) ?? unknown(path);
    }
    return unknown(path);
  };

  const unknown = (path: string): never => {
    throw new GraphError(400, "BadRequest", `Resource not found for the segment '${path.split("/")[0]}'.`);
  };

  const answer = (call: Call): Reply => {
    try {
      const reply = route(call);
      return { ...reply, headers: { ...requestHeaders(call), ...reply.headers } };
    } catch (error) {
      if (error instanceof GraphError) return errorReply(error, call, world.pace.now());
      throw error;
    }
  };

  return {
    name: "graph",
    matches: (path) => path.startsWith(prefix),
    handle: serve(answer),
    close: async () => undefined,
    resume() {
      for (const object of [...store.state.applications, ...store.state.servicePrincipals]) {
        if (!object.replicated) replicate(object);
      }
    },
    world: {
      application: (appId) => {
        const application = applicationBy(directory, { property: "appId", value: appId });
        if (!application) return undefined;
        const principal = store.state.servicePrincipals.find((each) => each.appId === appId);
        return {
          name: application.displayName,
          principal: principal?.id,
          credentials: application.credentials,
        };
      },
      clientOf: (principal) => store.state.servicePrincipals.find(({ id }) => id === principal)?.appId,
    },
  };
};
