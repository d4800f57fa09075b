/** Parts that every write and read of a resource shares: its id, its representation, conditions, headers. */
import { z } from "zod";
import type { Call } from "../../http/call.ts";
import { normalRegion } from "../catalogue/regions.ts";
import type { Core } from "../core.ts";
import { ArmError } from "../errors.ts";
import { parseTarget, placeOf } from "../id.ts";
import type { AnyKind } from "../kind.ts";
import type { Operation, StoredResource } from "../state.ts";

/** The id in the spelling that the type's service answers with. */
export const idOf = (core: Core, kind: AnyKind, path: string): string => {
  const target = parseTarget(path);
  if (!target) return path;
  const { group } = placeOf(target.scope);
  const known = group === undefined ? undefined : core.arm.state.groups[group.toLowerCase()];
  const base = /^\/subscriptions\/[^/]+/i.exec(target.scope)?.[0] ?? "";
  const rest = target.scope.slice(base.length).replace(/^\/resourcegroups\/[^/]+/i, "");
  const scope = [
    base === "" ? "" : `/subscriptions/${core.arm.settings.subscription}`,
    group === undefined ? "" : `/${kind.groupSegment}/${known?.name ?? group}`,
    rest,
  ].join("");
  const types = kind.type.split("/").slice(1);
  const pairs = target.names.map((name, index) => `${types[index] ?? target.types[index]}/${name}`);
  return `${scope}/providers/${kind.type.split("/")[0]}/${pairs.join("/")}`;
};

const withProperties = z.looseObject({ properties: z.looseObject({}).optional() });

/** The representation that GET answers with. */
export const showResource = (
  core: Core,
  kind: AnyKind,
  resource: StoredResource,
): Record<string, unknown> => {
  const shown = withProperties.parse(kind.show(core.arm, resource));
  const inside = kind.etag?.field === "properties.eTag" ? { eTag: resource.etag } : {};
  const etag = kind.etag &&
    kind.etag.field !== "properties.eTag" && {
      [kind.etag.field]: kind.etag.field === "etag" ? `W/"${resource.etag}"` : resource.etag,
    };
  const properties =
    shown.properties || kind.asynchronous
      ? {
          properties: {
            ...inside,
            ...(kind.asynchronous ? { provisioningState: resource.state } : {}),
            ...shown.properties,
            ...(kind.asynchronous ? { provisioningState: resource.state } : {}),
          },
        }
      : {};
  return { id: resource.id, name: resource.name, type: kind.type, ...etag, ...shown, ...properties };
};

/** 412 as the kind's resource provider words it: those that show `etag` are the network's. */
const preconditionFailed = (kind: AnyKind, present: StoredResource | undefined, given: string): ArmError => {
  if (kind.etag?.field === "etag") {
    const message = `Etag provided in if-match header W/"${given}" does not match etag W/"${present?.etag ?? ""}" of resource ${present?.id ?? ""} in NRP data store.`;
    return new ArmError(412, "PreconditionFailed", "Precondition failed.", {
      details: [{ code: "PreconditionFailedEtagMismatch", message }],
    });
  }
  return new ArmError(
    412,
    "EtagMismatch",
    `The etag in the If-Match header '${given}' does not match the etag of the resource '${present?.etag ?? ""}'.`,
  );
};

const bare = (etag: string): string => etag.trim().replace(/^W\//, "").replaceAll('"', "");

/** `If-Match` and `If-None-Match` where the type honours them: 412 where the condition does not hold. */
export const checkConditions = (kind: AnyKind, present: StoredResource | undefined, call: Call): void => {
  if (!kind.etag?.conditional) return;
  const match = call.headers["if-match"];
  const noneMatch = call.headers["if-none-match"];
  if (match !== undefined && (!present || (bare(match) !== "*" && bare(match) !== present.etag))) {
    throw preconditionFailed(kind, present, bare(match));
  }
  if (noneMatch !== undefined && present && (bare(noneMatch) === "*" || bare(noneMatch) === present.etag)) {
    throw new ArmError(
      412,
      "EtagMismatch",
      `The resource '${present.name}' exists, which the If-None-Match header '${bare(noneMatch)}' excludes.`,
    );
  }
};

/** 409 where the provider is not registered in the subscription. */
export const checkRegistered = (core: Core, kind: AnyKind): void => {
  const namespace = kind.type.split("/")[0] ?? "";
  if ((core.arm.state.providers[namespace.toLowerCase()] ?? "Registered") === "Registered") return;
  throw new ArmError(
    409,
    "MissingSubscriptionRegistration",
    `The subscription is not registered to use namespace '${namespace}'. See https://aka.ms/rps-not-found for how to register subscriptions.`,
    {
      details: [
        {
          code: "MissingSubscriptionRegistration",
          message: `The subscription is not registered to use namespace '${namespace}'. See https://aka.ms/rps-not-found for how to register subscriptions.`,
          target: namespace,
        },
      ],
    },
  );
};

/** `Azure-AsyncOperation`, `Retry-After`, and on deletion `Location`. */
export const asynchronousHeaders = (
  core: Core,
  kind: AnyKind,
  operation: Operation,
  call: Call,
  options: { readonly location: boolean },
): Record<string, string> => {
  const version = call.query.get("api-version") ?? "";
  const place = core.arm.find(operation.resource)?.body.location;
  const region = typeof place === "string" ? normalRegion(place) : "westeurope";
  const base = `${core.arm.world.url()}/subscriptions/${core.arm.settings.subscription}/providers/${kind.type.split("/")[0]}/locations/${region}`;
  return {
    "azure-asyncoperation": `${base}/operations/${operation.id}?api-version=${version}`,
    ...(options.location
      ? { location: `${base}/operationresults/${operation.id}?api-version=${version}` }
      : {}),
    "retry-after": core.operations.retryAfter(),
  };
};
