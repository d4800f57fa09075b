/**
 * What the product asks of Azure Resource Manager. ARM is one uniform API (get, put, delete, list by id), so the
 * client is uniform too and speaks the wire's own JSON: a PUT then never drops a property that an SDK's model does
 * not know. Login, retries, TLS and proxies are the Azure SDK's pipeline.
 */
import type { AccessToken } from "@azure/identity";
import type { z } from "zod";
import type { ClientKey } from "../../step/context.ts";
import type { Failure } from "../../step/failure.ts";
import type { TypedOperations } from "./typed.ts";

/** A JSON value as ARM sends and takes it. */
export type Json = null | string | number | boolean | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json | undefined;
}

/** Headers that make a write conditional, where the service has them. */
export interface Condition {
  /** Only if the resource still has this ETag. */
  readonly match?: string | undefined;
  /** Only if the resource does not exist. */
  readonly absent?: boolean | undefined;
}

/** How a write that the service accepted goes on. */
export type Progression =
  | { readonly state: "done" }
  | {
      readonly state: "running";
      /** Where to ask how it goes: `Azure-AsyncOperation`, else `Location`, else the resource itself. */
      readonly monitor: string;
      /** What the service asks to wait before the next look, in milliseconds. */
      readonly retryAfter?: number | undefined;
    }
  | { readonly state: "failed"; readonly failure: Failure };

/**
 * One subscription. Paths are ARM ids from `/subscriptions/…` on; `version` is the API version. Every call throws
 * a Failure.
 */
export interface AzureClient extends TypedOperations {
  /** Id of the subscription that the run acts in. */
  readonly subscription: string;
  /** `undefined` where the resource, its group or its provider's registration is not there. */
  get<T>(path: string, version: string, schema: z.ZodType<T>, signal: AbortSignal): Promise<T | undefined>;
  /** All items of a list, pages followed; empty where the parent is not there. `query` goes on the first page. */
  list<T>(
    path: string,
    version: string,
    item: z.ZodType<T>,
    signal: AbortSignal,
    query?: Readonly<Record<string, string>>,
  ): Promise<readonly T[]>;
  put(
    path: string,
    version: string,
    body: JsonObject,
    condition: Condition,
    signal: AbortSignal,
  ): Promise<Progression>;
  /** Absent is success. */
  delete(path: string, version: string, condition: Condition, signal: AbortSignal): Promise<Progression>;
  /** One look at a running operation. */
  poll(monitor: string, resource: string, signal: AbortSignal): Promise<Progression>;
  /** A token for another audience: `6dae42f8-4368-4678-94ff-3960e28e3630/.default` for AKS with Entra. */
  token(scope: string, signal: AbortSignal): Promise<AccessToken>;
}

/** The run's subscription, logged in as `@azure/identity` finds it. The SDK is loaded on first use. */
export const azure: ClientKey<AzureClient> = {
  name: "azure",
  open: async (environment) => {
    const { openAzure } = await import("./open.ts");
    return openAzure(environment);
  },
};
