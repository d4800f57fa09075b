/** Resource groups: made at once, deleted by a long-running operation that takes all in them along. */
import { z } from "zod";
import type { Reply } from "../../http/call.ts";
import { normalRegion, regionOf } from "../catalogue/regions.ts";
import type { Core } from "../core.ts";
import { ArmError, badRequest, groupNotFound } from "../errors.ts";
import { isWithin } from "../id.ts";
import { lockOn, refuseLocked } from "../locks.ts";
import type { Group } from "../state.ts";
import {
  bodyOf,
  checkTags,
  filterOf,
  matchesTags,
  page,
  type Request,
  type Route,
  requireAction,
  tagsSchema,
} from "./route.ts";

const action = "Microsoft.Resources/subscriptions/resourceGroups";
const one = /^\/subscriptions\/([^/]+)\/resourcegroups\/([^/]+)\/?$/i;

export const showGroup = (group: Group): Record<string, unknown> => ({
  id: group.id,
  name: group.name,
  type: "Microsoft.Resources/resourceGroups",
  location: group.location,
  ...(group.managedBy === undefined ? {} : { managedBy: group.managedBy }),
  ...(group.tags === undefined ? {} : { tags: group.tags }),
  properties: { provisioningState: group.state },
});

const scopeOf = (core: Core, name: string): string =>
  `/subscriptions/${core.arm.settings.subscription}/resourceGroups/${name}`;

/** The group, or 404 as ARM words it. */
export const groupNamed = (core: Core, name: string): Group => {
  const group = core.arm.state.groups[name.toLowerCase()];
  if (!group) throw groupNotFound(name);
  return group;
};

const writeBody = z.looseObject({
  location: z.string().optional(),
  tags: tagsSchema.optional(),
  managedBy: z.string().optional(),
});

const put = (request: Request): Reply => {
  const { core, call } = request;
  const name = request.parts[1] ?? "";
  requireAction(request, `${action}/write`, scopeOf(core, name));
  const body = bodyOf(call, writeBody);
  if (!/^[-\w._()]{1,90}$/.test(name) || name.endsWith(".")) {
    throw badRequest(
      "InvalidResourceGroupName",
      `The provided resource group name '${name}' has these invalid characters or is too long. The name can only be a letter, digit, '-', '.', '(', ')' or '_', at most 90 characters, and can't end with a period.`,
    );
  }
  if (body.location === undefined) {
    throw badRequest("LocationRequired", "The location property is required for this definition.");
  }
  const region = regionOf(body.location);
  if (!region) {
    throw badRequest(
      "LocationNotAvailableForResourceGroup",
      `The provided location '${body.location}' is not available for resource group.`,
    );
  }
  checkTags(body.tags);
  const before = core.arm.state.groups[name.toLowerCase()];
  if (before && normalRegion(before.location) !== region.name) {
    throw new ArmError(
      409,
      "InvalidResourceGroupLocation",
      `Invalid resource group location '${region.name}'. The Resource group already exists in location '${before.location}'.`,
    );
  }
  if (before?.state === "Deleting") {
    throw new ArmError(
      409,
      "ResourceGroupBeingDeleted",
      `The resource group '${name}' is in deprovisioning state and cannot perform this operation.`,
    );
  }
  const group: Group = {
    id: before?.id ?? scopeOf(core, name),
    name: before?.name ?? name,
    location: region.name,
    tags: body.tags ?? {},
    ...(body.managedBy === undefined ? {} : { managedBy: body.managedBy }),
    state: "Succeeded",
    createdAt: before?.createdAt ?? core.arm.world.pace.now(),
  };
  core.arm.state.groups[name.toLowerCase()] = group;
  core.arm.changed();
  return { status: before ? 200 : 201, body: showGroup(group) };
};

const patch = (request: Request): Reply => {
  const { core, call } = request;
  const group = groupNamed(core, request.parts[1] ?? "");
  requireAction(request, `${action}/write`, group.id);
  const body = bodyOf(call, writeBody);
  checkTags(body.tags);
  if (body.tags) group.tags = body.tags;
  core.arm.changed();
  return { status: 200, body: showGroup(group) };
};

/** A public IP of the group that something outside it uses keeps the group from going. */
const blocker = (core: Core, group: Group): string | undefined =>
  Object.entries(core.arm.state.attached).find(
    ([address, user]) => isWithin(address, group.id) && !isWithin(user, group.id),
  )?.[0];

const remove = (request: Request): Reply => {
  const { core, call } = request;
  const group = groupNamed(core, request.parts[1] ?? "");
  requireAction(request, `${action}/delete`, group.id);
  refuseLocked(core.arm, group.id, "delete", lockOn(core.arm, group.id, { below: true }));
  const blocked = blocker(core, group);
  const running = core.operations.running(group.id);
  const operation =
    running?.action === "remove" && running.resource === group.id.toLowerCase()
      ? running
      : core.operations.start({
          resource: group.id,
          name: group.name,
          action: "remove",
          state: "Deleting",
          duration: 20_000,
          fault: blocked
            ? {
                kind: "failed-operation",
                times: 1,
                skip: 0,
                code: "ResourceGroupDeletionBlocked",
                message: `Deletion of resource group '${group.name}' failed as resources with identifiers '${blocked}' could not be deleted.`,
              }
            : call.fault,
        });
  group.state = "Deleting";
  core.arm.changed();
  const version = call.query.get("api-version") ?? "";
  return {
    status: 202,
    headers: {
      location: `${core.arm.world.url()}/subscriptions/${core.arm.settings.subscription}/operationresults/${operation.id}?api-version=${version}`,
      "retry-after": core.operations.retryAfter(),
    },
  };
};

export const groupRoutes: readonly Route[] = [
  {
    method: "GET",
    pattern: /^\/subscriptions\/([^/]+)\/resourcegroups\/?$/i,
    answer: (request) => {
      const { core, call } = request;
      requireAction(request, `${action}/read`, `/subscriptions/${core.arm.settings.subscription}`);
      const filter = filterOf(call);
      const groups = Object.values(core.arm.state.groups).filter((group) => matchesTags(group.tags, filter));
      return page(core, call, groups.map(showGroup));
    },
  },
  { method: "PUT", pattern: one, answer: put },
  { method: "PATCH", pattern: one, answer: patch },
  { method: "DELETE", pattern: one, answer: remove },
  {
    method: "GET",
    pattern: one,
    answer: (request) => {
      requireAction(request, `${action}/read`, scopeOf(request.core, request.parts[1] ?? ""));
      return { status: 200, body: showGroup(groupNamed(request.core, request.parts[1] ?? "")) };
    },
  },
  {
    method: "HEAD",
    pattern: one,
    answer: ({ core, parts }) => ({
      status: core.arm.state.groups[(parts[1] ?? "").toLowerCase()] ? 204 : 404,
    }),
  },
];
