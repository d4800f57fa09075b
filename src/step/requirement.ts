/** What a step needs from the world before its first write: data, which preflight batches and checks at once. */
import type { Secret } from "./secret.ts";

export type Requirement =
  /** A resource provider that must be registered in the subscription. */
  | { readonly kind: "provider"; readonly namespace: string }
  /**
   * An ARM action that the login must be allowed on a scope; the nearest existing ancestor is asked. A scope that
   * begins with `/resourceGroups/` is in the run's subscription, an empty one is that subscription.
   */
  | {
      readonly kind: "permission";
      readonly action: string;
      readonly scope: string;
      /**
       * What needs it, where that is not the step's own writes: reading the thing, or removing it. Preflight of a run
       * asks for none of these: a run has read by then, and may never remove.
       */
      readonly when?: "reading" | "removal" | undefined;
      /** For assigning roles: the roles (names of built-in ones, else GUIDs) that are assigned. */
      readonly roles?: readonly string[] | undefined;
    }
  /** vCPUs and the size itself, in a region and its zones. */
  | {
      readonly kind: "vm-size";
      readonly location: string;
      readonly size: string;
      readonly count: number;
      readonly zones: readonly string[];
      /** ARM id of the pool's cluster: machines that already run there are not counted again. */
      readonly cluster?: string | undefined;
    }
  | { readonly kind: "kubernetes-version"; readonly location: string; readonly version: string }
  /** Public addresses still free in the region's quota. */
  | { readonly kind: "public-ip"; readonly location: string; readonly count: number }
  /** A DNS label of a public address that is nobody else's in its region; `address` is the ARM id to have it. */
  | {
      readonly kind: "dns-label";
      readonly location: string;
      readonly label: string;
      readonly address: string;
    }
  /** A zone that exists, is active and delegated, and on which the token has the permissions. */
  | {
      readonly kind: "cloudflare-zone";
      readonly zone: string;
      /** The token asked about; without it the run's own credential. */
      readonly token?: Secret | undefined;
      readonly permissions: readonly CloudflarePermission[];
    }
  | { readonly kind: "tool"; readonly tool: "helm" | "git" | "kubelogin"; readonly atLeast: string }
  /** A chart that must be in the mirror, the cache or its repository. */
  | { readonly kind: "chart"; readonly repository: string; readonly name: string; readonly version: string };

export type CloudflarePermission = "zone:read" | "dns:edit";
