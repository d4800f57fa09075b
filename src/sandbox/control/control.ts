/** What a test or a demonstration may do to the sandbox besides what its clouds' users may. */
import { z } from "zod";
import { limitKey } from "../arm/catalogue/limits.ts";
import { roleByName } from "../arm/catalogue/roles.ts";
import type { ArmService } from "../arm/service.ts";
import type { ArmState } from "../arm/state.ts";
import type { CloudflareState } from "../cloudflare/state.ts";
import type { EntraState } from "../entra/service.ts";
import { type Fault, type FaultRule, type Faults, faultRule } from "../faults.ts";
import type { GithubState } from "../github/service.ts";
import type { GraphService } from "../graph/service.ts";
import type { GraphState } from "../graph/state.ts";
import { assertionInput, type Issuer } from "../oidc/issuer.ts";
import { requestPath } from "../oidc/service.ts";
import type { AdjustablePace, PaceName } from "../pace.ts";
import type { RequestLog, Requests } from "../requests.ts";
import type { Store } from "../world.ts";

export const zoneInput = z.strictObject({
  name: z.string(),
  status: z.enum(["active", "pending"]).default("active"),
});

export const tokenInput = z.strictObject({
  /** 40 characters. */
  token: z.string().length(40),
  permissions: z.array(z.enum(["zone:read", "dns:edit"])),
  /** Names of zones; all where it is left out. */
  zones: z.array(z.string()).optional(),
  status: z.enum(["active", "disabled", "expired"]).default("active"),
});

/** Everything that exists, by its id or name. */
export interface Inventory {
  readonly groups: readonly string[];
  readonly resources: readonly string[];
  /** Operations that are running. */
  readonly operations: readonly string[];
  /** `name type content`. */
  readonly records: readonly string[];
  /** `owner/repository title`. */
  readonly deployKeys: readonly string[];
  /** `name`, `name service principal`, `name issuer subject`, and `name deleted` for those in the deleted items. */
  readonly directory: readonly string[];
}

/** An identity token as a CI host would hand it to a job, and how a job asks for more of them. */
export interface HandedAssertion {
  readonly assertion: string;
  /** What a job's environment holds, on GitHub and on Azure DevOps. */
  readonly variables: Readonly<
    Record<
      | "ACTIONS_ID_TOKEN_REQUEST_URL"
      | "ACTIONS_ID_TOKEN_REQUEST_TOKEN"
      | "SYSTEM_OIDCREQUESTURI"
      | "SYSTEM_ACCESSTOKEN",
      string
    >
  >;
}

export interface Control {
  /** Wipes every cloud, the faults and the log. Logins and certificates stay. */
  reset(): void;
  fault(rule: FaultRule): void;
  clearFaults(): void;
  faults(): readonly Fault[];
  /**
   * Sets what a region may hold of a counter: `cores`, a VM family, `StandardSkuPublicIpAddresses`; or, with an empty
   * location, `managedClusters`.
   */
  quota(location: string, counter: string, limit: number): void;
  registration(namespace: string, state: "Registered" | "NotRegistered" | "Registering"): void;
  /** Names of the built-in roles that the sandbox's login holds on the subscription. */
  loginRoles(names: readonly string[]): void;
  /** Actions that it may do besides, as by a custom role: `Microsoft.Network/publicIPAddresses/write`. */
  loginActions(actions: readonly string[]): void;
  /** While held, new identities and role assignments stay unknown to the rest of Azure. */
  holdReplication(held: boolean): void;
  /** Lets operations that a `stuck-operation` fault holds end: all, or those on one resource. */
  releaseOperations(resource?: string): void;
  /** Counts requests against ARM's and AKS's buckets, at any pace. */
  throttle(on: boolean): void;
  tokenLifetime(seconds: number): void;
  secretExpired(expired: boolean): void;
  assertion(input: z.input<typeof assertionInput>): HandedAssertion;
  zone(zone: z.input<typeof zoneInput>): void;
  cloudflareToken(token: z.input<typeof tokenInput>): void;
  pace(name: PaceName): void;
  inventory(): Inventory;
  requests(): RequestLog;
  clearRequests(): void;
}

export interface ControlParts {
  readonly arm: ArmService;
  readonly armStore: Store<ArmState>;
  readonly entraStore: Store<EntraState>;
  readonly cloudflareStore: Store<CloudflareState>;
  readonly githubStore: Store<GithubState>;
  readonly graph: Pick<GraphService, "resume">;
  readonly graphStore: Store<GraphState>;
  readonly issuer: Issuer;
  readonly url: () => string;
  /** Opens the issuer to jobs. */
  readonly requestToken: string;
  readonly faults: Faults;
  readonly requests: Requests;
  readonly pace: AdjustablePace;
  /** Puts the initial state in the place of every service's. */
  readonly wipe: () => void;
}

export const createControl = (parts: ControlParts): Control => {
  const { arm, armStore, entraStore, cloudflareStore, githubStore, graphStore, faults, requests, pace } =
    parts;
  return {
    reset() {
      parts.wipe();
      faults.clear();
      requests.clear();
      arm.clearThrottle();
    },
    fault: (rule) => faults.add(faultRule.parse(rule)),
    clearFaults: faults.clear,
    faults: faults.list,
    quota(location, counter, limit) {
      armStore.state.limits[limitKey(location, counter)] = limit;
      armStore.changed();
    },
    registration(namespace, state) {
      armStore.state.providers[namespace.toLowerCase()] = state;
      armStore.changed();
    },
    loginRoles(names) {
      const unknown = names.find((name) => !roleByName(name));
      if (unknown !== undefined) throw new Error(`No built-in role of the sandbox is named '${unknown}'.`);
      armStore.state.loginRoles = [...names];
      armStore.changed();
    },
    loginActions(actions) {
      armStore.state.loginActions = [...actions];
      armStore.changed();
    },
    holdReplication(held) {
      armStore.state.replicationHeld = held;
      armStore.changed();
      if (held) return;
      arm.resume();
      parts.graph.resume();
    },
    releaseOperations: arm.release,
    throttle(on) {
      armStore.state.throttled = on;
      arm.clearThrottle();
      armStore.changed();
    },
    tokenLifetime(seconds) {
      entraStore.state.tokenLifetime = seconds;
      entraStore.changed();
    },
    secretExpired(expired) {
      entraStore.state.secretExpired = expired;
      entraStore.changed();
    },
    assertion(input) {
      const parsed = assertionInput.parse(input);
      const url = `${parts.url()}${requestPath(parsed)}`;
      return {
        assertion: parts.issuer.issue(parsed),
        variables: {
          // The audience is put behind with `&`.
          ACTIONS_ID_TOKEN_REQUEST_URL: `${url}?api-version=2.0`,
          ACTIONS_ID_TOKEN_REQUEST_TOKEN: parts.requestToken,
          SYSTEM_OIDCREQUESTURI: url,
          SYSTEM_ACCESSTOKEN: parts.requestToken,
        },
      };
    },
    zone(input) {
      const { name, status } = zoneInput.parse(input);
      const present = cloudflareStore.state.zones.find((zone) => zone.name === name);
      if (present) present.status = status;
      else cloudflareStore.state.zones.push({ name, status, createdAt: pace.now() });
      cloudflareStore.changed();
    },
    cloudflareToken(input) {
      const { token, ...rest } = tokenInput.parse(input);
      cloudflareStore.state.tokens[token] = rest;
      cloudflareStore.changed();
    },
    pace: pace.set,
    inventory: () => ({
      groups: Object.values(armStore.state.groups).map((group) => group.name),
      resources: Object.values(armStore.state.resources).map((resource) => resource.id),
      operations: Object.values(armStore.state.operations)
        .filter((operation) => operation.status === "InProgress")
        .map((operation) => `${operation.state} ${operation.resource}`),
      records: cloudflareStore.state.records.map(
        (record) => `${record.name} ${record.type} ${String(record.content ?? "")}`,
      ),
      deployKeys: githubStore.state.keys.map((key) => `${key.repository} ${key.title}`),
      directory: directoryOf(graphStore.state),
    }),
    requests: requests.read,
    clearRequests: requests.clear,
  };
};

const directoryOf = ({ applications, servicePrincipals }: GraphState): readonly string[] =>
  applications.flatMap(({ appId, uniqueName, displayName, credentials, deletedAt }) => {
    const name = uniqueName ?? displayName;
    if (deletedAt !== null) return [`${name} deleted`];
    return [
      name,
      ...servicePrincipals.filter((each) => each.appId === appId).map(() => `${name} service principal`),
      ...credentials.map(({ issuer, subject }) => `${name} ${issuer} ${subject}`),
    ];
  });
