/**
 * Which kinds an API serves, by group and version, asked for once each and again when a kind is missing: a CRD may
 * have come since.
 */
import { z } from "zod";
import { Failure } from "../../step/failure.ts";
import type { KindName } from "./client.ts";
import type { Transport } from "./transport.ts";

const resourceListSchema = z.looseObject({
  resources: z
    .array(
      z.looseObject({
        name: z.string(),
        kind: z.string(),
        namespaced: z.boolean(),
        verbs: z.array(z.string()).default([]),
      }),
    )
    .nullish(),
});

const versionsSchema = z.looseObject({ versions: z.array(z.string()).nullish() });

const groupListSchema = z.looseObject({
  groups: z
    .array(
      z.looseObject({
        name: z.string(),
        preferredVersion: z.looseObject({ groupVersion: z.string() }),
      }),
    )
    .nullish(),
});

export interface ServedKind extends KindName {
  /** The plural in paths: `ingresses`. */
  readonly plural: string;
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
}

export interface Discovery {
  /** `undefined` where the API does not serve it now. */
  find(kind: KindName): Promise<ServedKind | undefined>;
  /** All kinds in each group's preferred version. A group whose own server is down is left out. */
  all(): Promise<readonly ServedKind[]>;
}

/** `/api/v1` or `/apis/<group>/<version>`. */
export const groupPath = (apiVersion: string): string =>
  apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;

export const discovery = (transport: Transport): Discovery => {
  const known = new Map<string, Promise<readonly ServedKind[]>>();

  const read = async (apiVersion: string): Promise<readonly ServedKind[]> => {
    try {
      const text = await transport.send({
        method: "GET",
        path: groupPath(apiVersion),
        resource: `API ${apiVersion}`,
      });
      const resources = resourceListSchema.parse(JSON.parse(text)).resources ?? [];
      return resources
        .filter((resource) => !resource.name.includes("/"))
        .map(({ name, kind, namespaced, verbs }) => ({ apiVersion, kind, plural: name, namespaced, verbs }));
    } catch (error) {
      if (error instanceof Failure && error.kind === "not-found") return [];
      throw error;
    }
  };

  const ask = (apiVersion: string): Promise<readonly ServedKind[]> => {
    const pending = read(apiVersion);
    known.set(apiVersion, pending);
    pending.catch(() => known.delete(apiVersion));
    return pending;
  };

  const find = async ({ apiVersion, kind }: KindName): Promise<ServedKind | undefined> => {
    const held = known.get(apiVersion);
    const found = (await held)?.find((served) => served.kind === kind);
    if (found) return found;
    // Asked at the same moment by somebody else: that answer is as new as one of our own.
    const latest = known.get(apiVersion);
    const pending = latest && latest !== held ? latest : ask(apiVersion);
    return (await pending).find((served) => served.kind === kind);
  };

  const all = async (): Promise<readonly ServedKind[]> => {
    const [core, groups] = await Promise.all([
      transport.send({ method: "GET", path: "/api", resource: "API versions" }),
      transport.send({ method: "GET", path: "/apis", resource: "API groups" }),
    ]);
    const versions = [
      ...(versionsSchema.parse(JSON.parse(core)).versions ?? []),
      ...(groupListSchema.parse(JSON.parse(groups)).groups ?? []).map(
        (group) => group.preferredVersion.groupVersion,
      ),
    ];
    const lists = await Promise.all(
      versions.map(async (version) => {
        try {
          return await ask(version);
        } catch (error) {
          // An aggregated API (metrics.k8s.io) answers 503 while its own server is away; none of ours lives there.
          if (error instanceof Failure && error.kind === "transient" && version.includes("/")) return [];
          throw error;
        }
      }),
    );
    return lists.flat();
  };

  return { find, all };
};
