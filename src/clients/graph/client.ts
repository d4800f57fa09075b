/**
 * What the product asks of Microsoft Graph v1.0: the directory of applications. The API is uniform (get, list, upsert
 * by a key of one's own, delete), so the client is uniform too.
 */
import type { z } from "zod";
import type { ClientKey } from "../../step/context.ts";
import type { Json, JsonObject } from "../azure/client.ts";

export type { Json, JsonObject };

/** Paths start behind `/v1.0/`; `keyed` makes those with a key. Every call throws a Failure. */
export interface GraphClient {
  /** `undefined` where it is not there, or not yet everywhere. */
  get<T>(path: string, schema: z.ZodType<T>, signal: AbortSignal): Promise<T | undefined>;
  /** Pages are followed; empty where the parent is not there. */
  list<T>(
    path: string,
    item: z.ZodType<T>,
    signal: AbortSignal,
    query?: Readonly<Record<string, string>>,
  ): Promise<readonly T[]>;
  /** PATCH with `Prefer: create-if-missing`: makes it, or changes what the body names. */
  upsert(path: string, body: JsonObject, signal: AbortSignal): Promise<void>;
  /** POST of an action without a body: `directory/deletedItems/<id>/restore`. */
  act(path: string, signal: AbortSignal): Promise<void>;
  /** Absent is success. */
  delete(path: string, signal: AbortSignal): Promise<void>;
}

/** The directory of the run's own tenant, with the run's own login. The SDK is loaded on first use. */
export const graph: ClientKey<GraphClient> = {
  name: "graph",
  open: async (environment) => {
    const { openGraph } = await import("./open.ts");
    return openGraph(environment);
  },
};

/** `keyed("applications", "uniqueName", "it's")` → `applications(uniqueName='it''s')`, encoded for an address. */
export const keyed = (collection: string, property: string, value: string): string =>
  `${collection}(${property}='${encodeURIComponent(value.replaceAll("'", "''"))}')`;

/** A text in a `$filter`. */
export const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;
