/** Lists of resources, and the views and actions below one. */
import type { Reply } from "../../http/call.ts";
import type { Core } from "../core.ts";
import { ArmError, resourceNotFound } from "../errors.ts";
import { lastName, placeOf, type Target, typeOf } from "../id.ts";
import type { AnyKind } from "../kind.ts";
import { groupNamed } from "./groups.ts";
import { idOf, showResource } from "./resource-parts.ts";
import { page, type Request, requireAction } from "./route.ts";

/** 404 of the group where that is missing, else of the resource; the network's parts of a resource have their own. */
export const missing = (core: Core, kind: AnyKind, id: string): ArmError => {
  const { group } = placeOf(id);
  if (group !== undefined) groupNamed(core, group);
  const parent = id.split("/").slice(0, -2).join("/");
  if (kind.inside && kind.type.startsWith("Microsoft.Network/") && core.arm.find(parent)) {
    return new ArmError(404, "NotFound", `Resource ${id} not found.`, { details: [] });
  }
  return resourceNotFound(kind.type, lastName(id), group ?? "");
};

export const list = (request: Request, kind: AnyKind, target: Target): Reply => {
  const { core, call } = request;
  const isChild = target.types.length > 1 || kind.inside !== undefined;
  const parent = isChild ? parentOf(target) : target.scope;
  const namespace = kind.type.split("/")[0] ?? "";
  requireAction(request, `${kind.type}/read`, isChild ? parent : `${target.scope}/providers/${namespace}`);
  const { group } = placeOf(target.scope);
  if (group !== undefined) groupNamed(core, group);
  if (target.types.length > 1 && !core.arm.find(parent)) {
    throw resourceNotFound(typeOf(target, target.types.length - 1), lastName(parent), group ?? "");
  }
  return page(
    core,
    call,
    core.list(kind, parent).map((resource) => showResource(core, kind, resource)),
  );
};

const parentOf = (target: Target): string => {
  const pairs = target.names.map((name, index) => `${target.types[index]}/${name}`);
  return `${target.scope}/providers/${target.namespace}/${pairs.join("/")}`;
};

/** POST and GET on `…/name/action`; undefined where the type has no such action. */
export const act = (request: Request, kind: AnyKind, target: Target): Reply | undefined => {
  const { core, call } = request;
  const action = (target.types.at(-1) ?? "").toLowerCase();
  if (!kind.actionNames.includes(action)) return undefined;
  const id = idOf(core, kind, parentOf(target));
  const suffix = call.method === "POST" ? `${target.types.at(-1)}/action` : "read";
  requireAction(request, `${kind.type}/${suffix}`, id);
  const resource = core.arm.find(id);
  if (!resource) throw missing(core, kind, id);
  return kind.act(core.arm, resource, action, call);
};

/** `…/upgradeProfiles/default`: looks like a child and is a view of its parent. */
export const actNamed = (request: Request, target: Target): Reply | undefined => {
  const { core, call } = request;
  const owner = core.kindOf(typeOf(target, target.types.length - 1));
  const action = `${target.types.at(-1)}/${target.names.at(-1)}`.toLowerCase();
  if (!owner?.actionNames.includes(action)) return undefined;
  const parent = { ...target, names: target.names.slice(0, -1) };
  const id = idOf(core, owner, parentOf(parent));
  requireAction(request, `${owner.type}/${target.types.at(-1)}/read`, id);
  const resource = core.arm.find(id);
  if (!resource) throw missing(core, owner, id);
  return owner.act(core.arm, resource, action, call);
};
