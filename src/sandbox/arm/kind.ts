/**
 * What the sandbox must be told of one resource type. A new type is one file in `kinds/` and one line in its index;
 * reading, listing, tags, locks, permissions, operations and deletion of its group come with the service.
 */
import type { z } from "zod";
import type { Call, Reply } from "../http/call.ts";
import type { Settings } from "../settings.ts";
import type { World } from "../world.ts";
import type { ArmError } from "./errors.ts";
import type { ArmState, Document, Operation, StoredResource } from "./state.ts";

/** What a kind may look at and touch besides its own resource. */
export interface Arm {
  readonly state: ArmState;
  /** Call after changing `state`. */
  changed(): void;
  readonly world: World;
  readonly settings: Settings;
  /** A resource by id, without regard to case. */
  find(id: string): StoredResource | undefined;
  /** All resources of a type (the kind's spelling). */
  ofType(type: string): readonly StoredResource[];
  /** Removes a resource with all that its kind says goes with it. */
  drop(id: string): void;
  /** The running operation on a resource or on one of its children. */
  running(id: string): Operation | undefined;
  /** Whether a principal may do an action on a scope, by its roles there and above. */
  allowed(principal: string, action: string, scope: string): boolean;
  /** Makes a group that a service needs for itself (a cluster's nodes). */
  makeGroup(name: string, location: string, managedBy: string): void;
  dropGroup(name: string): void;
}

/** A PUT that has been checked against the schema. */
export interface Write<Body> {
  readonly arm: Arm;
  readonly id: string;
  readonly name: string;
  readonly group: string;
  readonly body: Body;
  /** What is there already, in the same form. */
  readonly before: Body | undefined;
  readonly call: Call;
  /** Object id of the login that writes. */
  readonly caller: string;
}

export interface Stored<Body> {
  readonly arm: Arm;
  readonly id: string;
  readonly name: string;
  readonly group: string;
  readonly body: Body;
  readonly resource: StoredResource;
}

/** Milliseconds that Azure takes, before the pace scales them. */
export interface Durations {
  readonly create: number;
  readonly update: number;
  readonly remove: number;
}

export interface ResourceKind<Body extends Document> {
  /** In ARM's spelling: `Microsoft.Network/publicIPAddresses`, `Microsoft.Network/virtualNetworks/subnets`. */
  readonly type: string;
  /** Where its resources lie: in a group, or on any scope (locks, role assignments). A child lies in its parent. */
  readonly home: "group" | "any";
  /** Whether `location` must be given. Children and extensions have none. */
  readonly located: boolean;
  /** Set where the only location is `global`. */
  readonly isGlobal?: true;
  /** How the type spells the group's segment in ids that it answers with; `resourceGroups` by default. */
  readonly groupSegment?: "resourcegroups";
  /** What a body may hold; unknown fields are kept. Its errors are answered as `InvalidRequestContent`. */
  readonly schema: z.ZodType<Body>;
  /** Throws an ArmError for what Azure refuses, on creation and on updates. */
  validate(write: Write<Body>): void;
  /** The representation to keep for a new resource: defaults and what the service decides filled in. */
  create(write: Write<Body>): Body;
  /** The representation to keep for a changed one. */
  update(write: Write<Body> & { readonly before: Body }): Body;
  /** Writes and deletion take so long and answer with `Azure-AsyncOperation`; without it they are done at once. */
  readonly asynchronous?: Durations;
  /** `provisioningState` while a creation runs: `Creating` by default. */
  readonly creating?: string;
  /** `provisioningState` while an update runs: `Updating` by default. */
  readonly updating?: (before: Body, after: Body) => string;
  /** Called when a creation or an update is done. */
  readonly settled?: (stored: Stored<Body>) => void;
  /** Throws an ArmError where the resource can't be deleted now, or not by this caller (an object id). */
  readonly refuseRemoval?: (stored: Stored<Body>, caller: string) => void;
  /** Called when it is gone: takes along what belongs to it. */
  readonly remove?: (stored: Stored<Body>) => void;
  /** The refusal of a write while an operation runs; without it the write waits for nothing and goes on top. */
  readonly busy?: (operation: Operation) => ArmError;
  /** Adds to the representation what depends on other things. */
  readonly show?: (stored: Stored<Body>) => Document;
  /** Honours `If-Match` and `If-None-Match` and shows an `eTag` or `etag` field. */
  readonly etag?: { readonly field: "etag" | "eTag" | "properties.eTag"; readonly conditional: boolean };
  /** POST and GET on `…/name/action`, by its lower-case name. */
  readonly actions?: Readonly<Record<string, (stored: Stored<Body>, call: Call) => Reply>>;
  /** Milliseconds until the rest of Azure knows a new resource of this type. */
  readonly replication?: number;
  /** Where the type lives inside another resource's representation (agent pools in their cluster). */
  readonly inside?: Inside;
}

/** Storage of a type that is a part of its parent. */
export interface Inside {
  find(arm: Arm, id: string): StoredResource | undefined;
  list(arm: Arm, parent: StoredResource): readonly StoredResource[];
  save(arm: Arm, resource: StoredResource): void;
  drop(arm: Arm, resource: StoredResource): void;
}

/** A kind whose body type is hidden, so that the service can hold kinds of every body in one list. */
export interface AnyKind {
  readonly type: string;
  readonly home: "group" | "any";
  readonly located: boolean;
  readonly isGlobal: boolean;
  readonly groupSegment: "resourcegroups" | "resourceGroups";
  readonly asynchronous: Durations | undefined;
  readonly busy: ((operation: Operation) => ArmError) | undefined;
  readonly etag: ResourceKind<Document>["etag"];
  readonly replication: number | undefined;
  readonly inside: Inside | undefined;
  readonly actionNames: readonly string[];
  /** Parses, validates and returns the body to keep and the state to show meanwhile. */
  write(
    write: Omit<Write<Document>, "body" | "before"> & { body: unknown; before: StoredResource | undefined },
  ): { readonly body: Document; readonly state: string };
  settled(arm: Arm, resource: StoredResource): void;
  refuseRemoval(arm: Arm, resource: StoredResource, caller: string): void;
  remove(arm: Arm, resource: StoredResource): void;
  show(arm: Arm, resource: StoredResource): Document;
  act(arm: Arm, resource: StoredResource, action: string, call: Call): Reply | undefined;
}
