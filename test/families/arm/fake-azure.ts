/** An ARM in memory: resources by id, ETags where asked for, and operations that take as many looks as a test says. */
import type { z } from "zod";
import type { AzureClient, Condition, JsonObject, Progression } from "../../../src/clients/azure/client.ts";
import type { Clock } from "../../../src/step/context.ts";
import { Failure } from "../../../src/step/failure.ts";

export interface FakeAzure extends AzureClient {
  readonly resources: Map<string, JsonObject>;
  /** `PUT id`, `DELETE id`, in order. */
  readonly writes: string[];
  readonly bodies: JsonObject[];
  readonly conditions: Condition[];
  /** Answers of lists by path, without case. */
  readonly lists: Map<string, readonly unknown[]>;
  /** Called before each write; may change the world or throw. */
  beforeWrite: (id: string) => void;
  /** Looks that the next operations take. */
  looks: number;
  /** What the operation ends with, instead of success. */
  ending: Failure | undefined;
  /** How the service completes what is put. */
  complete: (id: string, body: JsonObject) => JsonObject;
}

const key = (id: string): string => id.toLowerCase();

export const fakeAzure = (): FakeAzure => {
  let version = 0;
  let left = 0;
  const resources = new Map<string, JsonObject>();
  const lists = new Map<string, readonly unknown[]>();
  const parsed = <T>(schema: z.ZodType<T>, value: unknown): T => schema.parse(value);
  const begin = (): Progression => {
    left = fake.looks;
    return left === 0 ? end() : { state: "running", monitor: "https://arm.test/operation", retryAfter: 1000 };
  };
  const end = (): Progression =>
    fake.ending ? { state: "failed", failure: fake.ending } : { state: "done" };
  const refuse = (id: string, { match, absent }: Condition): void => {
    const found = resources.get(key(id));
    if ((absent && found) || (match !== undefined && found?.eTag !== match)) {
      throw new Failure({ kind: "conflict", code: "EtagMismatch", message: "the etag does not match" });
    }
  };
  const fake: FakeAzure = {
    subscription: "sub",
    resources,
    lists,
    writes: [],
    bodies: [],
    conditions: [],
    beforeWrite: () => {},
    looks: 0,
    ending: undefined,
    complete: (_, body) => body,
    get: async (path, _version, schema) => {
      const found = resources.get(key(path));
      return found === undefined ? undefined : parsed(schema, found);
    },
    list: async (path, _version, item) => (lists.get(key(path)) ?? []).map((entry) => parsed(item, entry)),
    put: async (path, _version, body, condition) => {
      fake.beforeWrite(path);
      refuse(path, condition);
      version += 1;
      fake.writes.push(`PUT ${path}`);
      // Over the wire, what is undefined is not there.
      const sent: JsonObject = JSON.parse(JSON.stringify(body));
      fake.bodies.push(sent);
      fake.conditions.push(condition);
      const name = path.split("/").at(-1) ?? "";
      resources.set(key(path), fake.complete(path, { id: path, name, ...sent, eTag: `etag-${version}` }));
      return begin();
    },
    delete: async (path, _version, condition) => {
      fake.beforeWrite(path);
      refuse(path, condition);
      fake.writes.push(`DELETE ${path}`);
      resources.delete(key(path));
      return begin();
    },
    poll: async (monitor) => {
      left -= 1;
      return left > 0 ? { state: "running", monitor } : end();
    },
    token: async () => ({ token: "token", expiresOnTimestamp: 0 }),
    clusterKubeconfig: async () => {
      throw new Error("no kubeconfig was expected to be asked for");
    },
    kubernetesVersions: async () => [],
    dnsLabelFree: async () => true,
  };
  return fake;
};

/** A clock whose sleeps are over at once, and take the time that they say. */
export const jumpingClock = (): Clock => {
  let now = 0;
  return {
    now: () => now,
    sleep: async (milliseconds, signal) => {
      signal.throwIfAborted();
      now += milliseconds;
    },
  };
};
