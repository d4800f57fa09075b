/**
 * Long-running operations: started by a write, ended by the pace, read at the URL of `Azure-AsyncOperation` (a
 * status document) or of `Location` (202 until it is done).
 * See https://learn.microsoft.com/azure/azure-resource-manager/management/async-operations.
 */
import { randomUUID } from "node:crypto";
import type { Fault } from "../faults.ts";
import type { Reply } from "../http/call.ts";
import type { AdjustablePace } from "../pace.ts";
import type { Store } from "../world.ts";
import { keyOf } from "./id.ts";
import type { ArmState, Operation } from "./state.ts";

export interface Operations {
  start(what: {
    readonly resource: string;
    readonly name: string;
    readonly action: Operation["action"];
    readonly state: string;
    readonly duration: number;
    readonly fault: Fault | undefined;
  }): Operation;
  /** The running operation on a resource or below it. */
  running(resource: string): Operation | undefined;
  find(id: string): Operation | undefined;
  /** Ends a running operation because another takes its place. */
  preempt(operation: Operation): void;
  /** Lets held operations end, all or those on one resource. */
  release(resource?: string): void;
  /** Takes up the operations that were running when the sandbox was stopped. */
  resume(): void;
  /** Seconds for `Retry-After`: 0 where operations end at once. */
  retryAfter(): string;
}

/** So many ended operations stay readable. */
const kept = 500;

export const createOperations = (
  store: Store<ArmState>,
  pace: AdjustablePace,
  /** Brings the resource to the operation's end. Throws what the operation then fails with. */
  finish: (operation: Operation) => void,
): Operations => {
  const all = (): Operation[] => Object.values(store.state.operations);
  const end = (id: string): void => {
    const operation = store.state.operations[id];
    if (operation?.status !== "InProgress") return;
    operation.status = operation.failure ? "Failed" : "Succeeded";
    operation.held = false;
    operation.endedAt = pace.now();
    try {
      finish(operation);
    } catch (error) {
      operation.status = "Failed";
      operation.failure = {
        code: "InternalOperationError",
        message: error instanceof Error ? error.message : String(error),
      };
      finish(operation);
    }
    const ended = all().filter((other) => other.endedAt !== undefined);
    for (const old of ended.slice(0, -kept)) delete store.state.operations[old.id];
    store.changed();
  };
  const schedule = (operation: Operation): void => {
    if (!operation.held) pace.after(operation.duration, () => end(operation.id));
  };
  return {
    start({ resource, name, action, state, duration, fault }) {
      const operation: Operation = {
        id: randomUUID(),
        resource: keyOf(resource),
        name,
        action,
        state,
        startedAt: pace.now(),
        duration,
        held: fault?.kind === "stuck-operation",
        status: "InProgress",
        ...(fault?.kind === "failed-operation"
          ? { failure: { code: fault.code, message: fault.message } }
          : {}),
      };
      store.state.operations[operation.id] = operation;
      store.changed();
      schedule(operation);
      return operation;
    },
    running: (resource) =>
      all().find(
        (operation) =>
          operation.status === "InProgress" &&
          (operation.resource === keyOf(resource) || operation.resource.startsWith(`${keyOf(resource)}/`)),
      ),
    find: (id) => store.state.operations[id.toLowerCase()],
    preempt(operation) {
      operation.status = "Canceled";
      operation.held = false;
      operation.endedAt = pace.now();
      operation.failure = {
        code: "AKSOperationPreempted",
        message: "The operation was preempted by another operation.",
      };
      store.changed();
    },
    release(resource) {
      for (const operation of all()) {
        const chosen = resource === undefined || operation.resource === keyOf(resource);
        if (operation.held && chosen) end(operation.id);
      }
    },
    resume() {
      for (const operation of all()) {
        if (operation.status === "InProgress") schedule(operation);
      }
    },
    retryAfter: () => (pace.name === "instant" ? "0" : "1"),
  };
};

/** The status document of `Azure-AsyncOperation`. */
export const statusReply = (operation: Operation, path: string, retryAfter: string): Reply => ({
  status: 200,
  headers: operation.status === "InProgress" ? { "retry-after": retryAfter } : {},
  body: {
    id: path,
    name: operation.id,
    status: operation.status,
    startTime: new Date(operation.startedAt).toISOString(),
    ...(operation.endedAt === undefined ? {} : { endTime: new Date(operation.endedAt).toISOString() }),
    ...(operation.failure && operation.status !== "InProgress" ? { error: operation.failure } : {}),
  },
});

/** The answer at `Location`. */
export const resultReply = (operation: Operation, url: string, retryAfter: string): Reply => {
  switch (operation.status) {
    case "InProgress":
      return { status: 202, headers: { location: url, "retry-after": retryAfter } };
    case "Succeeded":
      return { status: 200 };
    case "Failed":
    case "Canceled":
      return { status: 409, body: { error: operation.failure } };
  }
};
