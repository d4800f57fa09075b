/**
 * How the sandbox's services see one another: ARM makes and removes clusters, a cluster's cloud provider asks ARM
 * for addresses and roles, and its External DNS talks to Cloudflare with the token that it was given.
 */
import type { IncomingMessage, ServerResponse } from "node:http";

/** One service behind the sandbox's single HTTPS port on loopback, chosen by path. */
export interface Service {
  readonly name: "arm" | "entra" | "cloudflare" | "kubernetes" | "github" | "graph" | "oidc" | "control";
  /** Whether a request path (without query) is this service's. */
  matches(path: string): boolean;
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** Ends watches and timers; the state stays. */
  close(): Promise<void>;
}

/** A service's state on disk: loaded once, written whole and atomically soon after each change, and on close. */
export interface Store<State> {
  readonly state: State;
  /** Says that `state` was changed in place. */
  changed(): void;
}

/** Time for the sandbox: how long its operations take, scaled for a demo or a test. */
export interface Pace {
  /** Milliseconds since the epoch. */
  now(): number;
  /**
   * Runs `action` after so many milliseconds of the modelled cloud (0 in tests). Returns how to call it off.
   * `least`: real milliseconds that it takes at any pace, for what is repeated until something else has happened.
   */
  after(milliseconds: number, action: () => void, least?: number): () => void;
}

export interface ArmWorld {
  /** A public IP by resource group and name, names compared without case. */
  publicIp(
    group: string,
    name: string,
  ): { readonly id: string; readonly address: string; readonly sku: string } | undefined;
  /** A public IP by its address. */
  publicIpByAddress(
    address: string,
  ): { readonly id: string; readonly group: string; readonly name: string } | undefined;
  /** Marks the address as used by a load balancer, or frees it (`undefined`). */
  attach(publicIpId: string, user: string | undefined): void;
  /** Whether a principal holds a built-in role (by name) on a scope or above it, replication included. */
  hasRole(principalId: string, scope: string, role: string): boolean;
  /** Makes an address in the node resource group, as the cloud provider does for a Service without annotations. */
  makePublicIp(
    group: string,
    name: string,
    location: string,
  ): { readonly id: string; readonly address: string };
}

export interface CloudflareWorld {
  /** One API call as a client makes it: bearer token, method, path below `/client/v4`, JSON body. */
  request(
    token: string,
    method: string,
    path: string,
    body?: unknown,
  ): { readonly status: number; readonly body: unknown };
  /** What the public DNS answers for a name: the contents of its records of the type. */
  resolve(name: string, type: string): readonly string[];
}

/** The directory of applications, as the token endpoint and ARM see it. */
export interface DirectoryWorld {
  /** An application by its client id. */
  application(appId: string):
    | {
        readonly name: string;
        /** Object id of its service principal, where it has one. */
        readonly principal: string | undefined;
        readonly credentials: readonly {
          readonly issuer: string;
          readonly subject: string;
          readonly audiences: readonly string[];
        }[];
      }
    | undefined;
  /** The client id of an application's service principal. */
  clientOf(principal: string): string | undefined;
}

export interface ClusterSettings {
  /** Lower-cased ARM id, or a free name for a cluster outside ARM. */
  readonly key: string;
  readonly name: string;
  readonly version: string;
  readonly location: string;
  readonly nodeResourceGroup: string;
  /** Object id of the identity that the cloud provider acts as. */
  readonly principalId: string;
  readonly pools: readonly NodePool[];
}

export interface NodePool {
  readonly name: string;
  readonly count: number;
  readonly size: string;
  readonly mode: "System" | "User";
  readonly zones: readonly string[];
}

export interface KubernetesWorld {
  /** Makes the cluster, or brings an existing one to these settings (version, nodes). */
  ensure(cluster: ClusterSettings): void;
  remove(key: string): void;
  /** The kubeconfig that ARM hands out, as YAML. */
  kubeconfig(key: string, user: "admin" | "user"): string;
}

/** Filled in by the server as the services come up; each service uses the others only while handling a request. */
export interface World {
  arm: ArmWorld;
  cloudflare: CloudflareWorld;
  kubernetes: KubernetesWorld;
  directory: DirectoryWorld;
  readonly pace: Pace;
  /** `https://127.0.0.1:<port>`, known once the server listens. */
  readonly url: () => string;
  /** PEM of the sandbox's own authority. */
  readonly authority: () => string;
}
