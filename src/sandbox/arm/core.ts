/** The ARM that kinds see: finding, listing and dropping resources, groups, roles, and the ends of operations. */
import { randomUUID } from "node:crypto";
import type { AdjustablePace } from "../pace.ts";
import type { Settings } from "../settings.ts";
import type { Store, World } from "../world.ts";
import { isAllowed } from "./access.ts";
import { isWithin, keyOf, placeOf } from "./id.ts";
import type { AnyKind, Arm } from "./kind.ts";
import { createOperations, type Operations } from "./operations.ts";
import type { ArmState, Operation, StoredResource } from "./state.ts";

export interface Core {
  readonly arm: Arm;
  readonly operations: Operations;
  readonly store: Store<ArmState>;
  readonly pace: AdjustablePace;
  /** The kind of a type, without regard to case. */
  kindOf(type: string): AnyKind | undefined;
  readonly kinds: readonly AnyKind[];
  /** Stores a resource under a fresh etag. */
  save(kind: AnyKind, resource: StoredResource): void;
  /** Lets the rest of Azure know a new resource after its kind's delay. */
  replicate(kind: AnyKind, resource: StoredResource): void;
  /** Everything of a type below a scope. */
  list(kind: AnyKind, scope: string): readonly StoredResource[];
  /** Takes up what was under way when the sandbox was stopped. */
  resume(): void;
}

export const freshEtag = (): string => randomUUID();

export const createCore = (
  world: World,
  settings: Settings,
  store: Store<ArmState>,
  pace: AdjustablePace,
  kinds: readonly AnyKind[],
): Core => {
  const kindOf = (type: string): AnyKind | undefined =>
    kinds.find((kind) => kind.type.toLowerCase() === type.toLowerCase());
  const all = (): readonly StoredResource[] => Object.values(store.state.resources);

  const drop = (id: string): void => {
    const key = keyOf(id);
    for (const child of all().filter((resource) => keyOf(resource.id).startsWith(`${key}/`))) {
      if (store.state.resources[keyOf(child.id)]) drop(child.id);
    }
    const resource = store.state.resources[key];
    if (!resource) return;
    delete store.state.resources[key];
    delete store.state.attached[key];
    kindOf(resource.type)?.remove(arm, resource);
    store.changed();
  };

  const groupId = (name: string): string => `/subscriptions/${settings.subscription}/resourceGroups/${name}`;

  const arm: Arm = {
    get state() {
      return store.state;
    },
    changed: store.changed,
    world,
    settings,
    find: (id) => {
      const stored = store.state.resources[keyOf(id)];
      if (stored) return stored;
      for (const kind of kinds) {
        const inner = kind.inside?.find(arm, id);
        if (inner) return inner;
      }
      return undefined;
    },
    ofType: (type) => all().filter((resource) => resource.type === type),
    drop,
    running: (id) => operations.running(id),
    allowed: (principal, action, scope) => isAllowed(arm, principal, action, scope),
    makeGroup(name, location, managedBy) {
      store.state.groups[name.toLowerCase()] ??= {
        id: groupId(name),
        name,
        location,
        managedBy,
        tags: { "aks-managed-cluster-name": managedBy.slice(managedBy.lastIndexOf("/") + 1) },
        state: "Succeeded",
        createdAt: world.pace.now(),
      };
      store.changed();
    },
    dropGroup(name) {
      const group = store.state.groups[name.toLowerCase()];
      for (const resource of all()) {
        if (placeOf(resource.id).group?.toLowerCase() !== name.toLowerCase()) continue;
        if (store.state.resources[keyOf(resource.id)]) drop(resource.id);
      }
      if (group) delete store.state.groups[name.toLowerCase()];
      for (const [address, user] of Object.entries(store.state.attached)) {
        if (isWithin(user, groupId(name))) delete store.state.attached[address];
      }
      store.changed();
    },
  };

  const save = (kind: AnyKind, resource: StoredResource): void => {
    if (kind.inside) kind.inside.save(arm, resource);
    else store.state.resources[keyOf(resource.id)] = resource;
    store.changed();
  };

  /** A group's id has no `/providers/`; anything else is a resource. */
  const finish = (operation: Operation): void => {
    const group = /^\/subscriptions\/[^/]+\/resourcegroups\/([^/]+)$/.exec(operation.resource)?.[1];
    if (group !== undefined) {
      if (operation.status === "Succeeded") arm.dropGroup(group);
      else if (store.state.groups[group]) store.state.groups[group].state = "Succeeded";
      return;
    }
    const resource = arm.find(operation.resource);
    const kind = resource && kindOf(resource.type);
    if (!resource || !kind) return;
    if (operation.action === "remove" && operation.status === "Succeeded") {
      if (kind.inside) {
        kind.inside.drop(arm, resource);
        kind.remove(arm, resource);
      } else drop(resource.id);
      return;
    }
    const settled = { ...resource, state: operation.status === "Succeeded" ? "Succeeded" : "Failed" };
    save(kind, settled);
    if (operation.status === "Succeeded") kind.settled(arm, settled);
  };

  const operations = createOperations(store, pace, finish);

  const replicate = (kind: AnyKind, resource: StoredResource): void => {
    if (kind.replication === undefined) return;
    resource.replicated = pace.name === "instant" && !store.state.replicationHeld;
    if (resource.replicated || store.state.replicationHeld) return;
    pace.after(kind.replication, () => {
      resource.replicated = true;
      store.changed();
    });
  };

  return {
    arm,
    operations,
    store,
    pace,
    kindOf,
    kinds,
    save,
    replicate,
    list(kind, scope) {
      const { inside } = kind;
      if (inside) {
        const parent = arm.find(scope);
        return parent ? inside.list(arm, parent) : [];
      }
      return all().filter((resource) => resource.type === kind.type && isWithin(resource.id, scope));
    },
    resume() {
      operations.resume();
      for (const resource of all()) {
        const kind = resource.replicated === false ? kindOf(resource.type) : undefined;
        if (kind) replicate(kind, resource);
      }
    },
  };
};
