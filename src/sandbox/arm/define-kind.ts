/** Hides the body type of a ResourceKind behind its schema, so that kinds of every body share one list. */
import { badRequest } from "./errors.ts";
import { placeOf } from "./id.ts";
import type { AnyKind, Arm, ResourceKind, Stored } from "./kind.ts";
import type { Document, StoredResource } from "./state.ts";

export const defineKind = <Body extends Document>(kind: ResourceKind<Body>): AnyKind => {
  const read = (body: unknown): Body => {
    const parsed = kind.schema.safeParse(body);
    if (parsed.success) return parsed.data;
    const issue = parsed.error.issues[0];
    const path = issue?.path.join(".") ?? "";
    throw badRequest(
      "InvalidRequestContent",
      `The request content was invalid and could not be deserialized: '${issue?.message ?? "not an object"}. Path '${path}'.'`,
      path,
    );
  };
  const stored = (arm: Arm, resource: StoredResource): Stored<Body> => ({
    arm,
    id: resource.id,
    name: resource.name,
    group: placeOf(resource.id).group ?? "",
    body: read(resource.body),
    resource,
  });
  return {
    type: kind.type,
    home: kind.home,
    located: kind.located,
    isGlobal: kind.isGlobal ?? false,
    groupSegment: kind.groupSegment ?? "resourceGroups",
    asynchronous: kind.asynchronous,
    busy: kind.busy,
    etag: kind.etag,
    replication: kind.replication,
    inside: kind.inside,
    actionNames: Object.keys(kind.actions ?? {}),
    write(request) {
      const body = read(request.body);
      const before = request.before && read(request.before.body);
      kind.validate({ ...request, body, before });
      if (before === undefined) {
        return { body: kind.create({ ...request, body, before }), state: kind.creating ?? "Creating" };
      }
      const after = kind.update({ ...request, body, before });
      return { body: after, state: kind.updating?.(before, after) ?? "Updating" };
    },
    settled: (arm, resource) => kind.settled?.(stored(arm, resource)),
    refuseRemoval: (arm, resource, caller) => kind.refuseRemoval?.(stored(arm, resource), caller),
    remove: (arm, resource) => kind.remove?.(stored(arm, resource)),
    show: (arm, resource) => kind.show?.(stored(arm, resource)) ?? resource.body,
    act: (arm, resource, action, call) => kind.actions?.[action]?.(stored(arm, resource), call),
  };
};
