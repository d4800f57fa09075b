/** Reading, writing and deleting a resource of any kind. */
import { z } from "zod";
import type { Reply } from "../../http/call.ts";
import { normalRegion, regionOf } from "../catalogue/regions.ts";
import { freshEtag } from "../core.ts";
import { ArmError, badRequest } from "../errors.ts";
import { keyOf, lastName, parseTarget, placeOf, typeOf } from "../id.ts";
import type { AnyKind } from "../kind.ts";
import { lockOn, refuseLocked } from "../locks.ts";
import type { StoredResource } from "../state.ts";
import { groupNamed } from "./groups.ts";
import {
  asynchronousHeaders,
  checkConditions,
  checkRegistered,
  idOf,
  showResource,
} from "./resource-parts.ts";
import { act, actNamed, list, missing } from "./resource-views.ts";
import { bodyOf, checkTags, type Request, requireAction, tagsSchema } from "./route.ts";

const common = z.looseObject({ location: z.string().optional(), tags: tagsSchema.nullish() });

const get = (request: Request, kind: AnyKind, id: string): Reply => {
  requireAction(request, `${kind.type}/read`, id);
  const resource = request.core.arm.find(id);
  if (!resource) throw missing(request.core, kind, id);
  return { status: 200, body: showResource(request.core, kind, resource) };
};

const put = (request: Request, kind: AnyKind, id: string): Reply => {
  const { core, call } = request;
  requireAction(request, `${kind.type}/write`, id);
  refuseLocked(core.arm, id, "write");
  const place = placeOf(id);
  const group = place.group === undefined ? undefined : groupNamed(core, place.group);
  if (group?.state === "Deleting") {
    throw new ArmError(
      409,
      "ResourceGroupBeingDeleted",
      `The resource group '${group.name}' is in deprovisioning state and cannot perform this operation.`,
    );
  }
  checkRegistered(core, kind);
  const body = bodyOf(call, common);
  checkTags(body.tags ?? undefined);
  const before = core.arm.find(id);
  const location = locationOf(kind, body.location, before);
  const name = lastName(id);
  checkConditions(kind, before, call);
  const running = core.arm.running(id);
  if (running && kind.busy) throw kind.busy(running);
  const written = kind.write({
    arm: core.arm,
    id,
    name,
    group: group?.name ?? "",
    call,
    caller: request.caller,
    body: location === undefined ? body : { ...body, location },
    before,
  });
  const resource: StoredResource = {
    id: before?.id ?? id,
    type: kind.type,
    name: before?.name ?? name,
    body: written.body,
    etag: freshEtag(),
    state: kind.asynchronous ? written.state : "Succeeded",
    createdAt: before?.createdAt ?? core.arm.world.pace.now(),
    ...(before?.replicated === undefined ? {} : { replicated: before.replicated }),
  };
  core.save(kind, resource);
  if (!before) core.replicate(kind, resource);
  const status = before ? 200 : 201;
  if (!kind.asynchronous) {
    kind.settled(core.arm, resource);
    return { status, body: showResource(core, kind, resource) };
  }
  const operation = core.operations.start({
    resource: resource.id,
    name,
    action: before ? "update" : "create",
    state: written.state,
    duration: before ? kind.asynchronous.update : kind.asynchronous.create,
    fault: call.fault,
  });
  return {
    status,
    headers: asynchronousHeaders(core, kind, operation, call, { location: false }),
    body: showResource(core, kind, resource),
  };
};

const globalRegion = (given: string) => (given.toLowerCase() === "global" ? { name: "global" } : undefined);

const locationOf = (
  kind: AnyKind,
  given: string | undefined,
  before: StoredResource | undefined,
): string | undefined => {
  if (!kind.located) return undefined;
  if (given === undefined) {
    throw badRequest("LocationRequired", "The location property is required for this definition.");
  }
  const region = kind.isGlobal ? globalRegion(given) : regionOf(given);
  if (!region) {
    throw badRequest(
      "LocationNotAvailableForResourceType",
      `The provided location '${given}' is not available for resource type '${kind.type}'.`,
    );
  }
  const present = before?.body.location;
  if (typeof present === "string" && !kind.isGlobal && normalRegion(present) !== region.name) {
    throw new ArmError(
      409,
      "InvalidResourceLocation",
      `The resource '${before?.name}' already exists in location '${present}' in resource group '${placeOf(before?.id ?? "").group}'. A resource with the same name cannot be created in location '${region.name}'. Please select a new resource name.`,
    );
  }
  return region.name;
};

/** PATCH changes tags, as it does for most types. */
const patch = (request: Request, kind: AnyKind, id: string): Reply => {
  const { core, call } = request;
  requireAction(request, `${kind.type}/write`, id);
  const before = core.arm.find(id);
  if (!before) throw missing(core, kind, id);
  refuseLocked(core.arm, id, "write");
  checkConditions(kind, before, call);
  const running = core.arm.running(id);
  if (running && kind.busy) throw kind.busy(running);
  const { tags } = bodyOf(call, common);
  checkTags(tags ?? undefined);
  const resource: StoredResource = {
    ...before,
    body: { ...before.body, ...(tags ? { tags } : {}) },
    etag: freshEtag(),
  };
  core.save(kind, resource);
  return { status: 200, body: showResource(core, kind, resource) };
};

const remove = (request: Request, kind: AnyKind, id: string): Reply => {
  const { core, call } = request;
  requireAction(request, `${kind.type}/delete`, id);
  const resource = core.arm.find(id);
  if (!resource) return { status: 204 };
  if (kind.type !== "Microsoft.Authorization/locks") {
    refuseLocked(core.arm, id, "delete", lockOn(core.arm, id, { below: true }));
  }
  checkConditions(kind, resource, call);
  kind.refuseRemoval(core.arm, resource, request.caller);
  if (!kind.asynchronous) {
    core.arm.drop(id);
    // Of all that is deleted at once only a role assignment is shown a last time.
    const shown = kind.type === "Microsoft.Authorization/roleAssignments";
    return { status: 200, ...(shown ? { body: showResource(core, kind, resource) } : {}) };
  }
  const running = core.arm.running(id);
  const joined = running?.action === "remove" && running.resource === keyOf(id);
  if (running && !joined) core.operations.preempt(running);
  const operation = joined
    ? running
    : core.operations.start({
        resource: id,
        name: resource.name,
        action: "remove",
        state: "Deleting",
        duration: kind.asynchronous.remove,
        fault: call.fault,
      });
  core.save(kind, { ...resource, state: "Deleting" });
  return { status: 202, headers: asynchronousHeaders(core, kind, operation, call, { location: true }) };
};

/** Answers for a path below a provider; undefined where no kind is asked for. */
export const answerResource = (request: Request): Reply | undefined => {
  const { core, call } = request;
  const target = parseTarget(call.path);
  if (!target) return undefined;
  const isCollection = target.types.length > target.names.length;
  if (isCollection && target.types.length > 1) {
    const owner = core.kindOf(typeOf(target, target.types.length - 1));
    const reply = owner && act(request, owner, target);
    if (reply) return reply;
  }
  const kind = core.kindOf(typeOf(target));
  if (!kind) return isCollection || target.types.length < 2 ? undefined : actNamed(request, target);
  if (isCollection) return call.method === "GET" ? list(request, kind, target) : undefined;
  const id = idOf(core, kind, call.path);
  switch (call.method) {
    case "GET":
      return get(request, kind, id);
    case "HEAD":
      return { status: core.arm.find(id) ? 204 : 404 };
    case "PUT":
      return put(request, kind, id);
    case "PATCH":
      return patch(request, kind, id);
    case "DELETE":
      return remove(request, kind, id);
    default:
      return undefined;
  }
};
