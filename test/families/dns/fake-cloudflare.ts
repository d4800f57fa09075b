/** A Cloudflare in memory for tests: zones and records as data, and every write kept. */
import type {
  CloudflareClient,
  DnsRecord,
  RecordContent,
  TokenPolicy,
  Zone,
} from "../../../src/clients/cloudflare/client.ts";
import type { ClientKey, Environment, StepContext, Use } from "../../../src/step/context.ts";
import { Failure } from "../../../src/step/failure.ts";
import type { Owner } from "../../../src/step/ref.ts";

export const zone = (changes: Partial<Zone> = {}): Zone => ({
  id: "z1",
  name: "example.com",
  status: "active",
  paused: false,
  nameServers: ["ada.ns.cloudflare.com", "bob.ns.cloudflare.com"],
  permissions: ["#dns_records:edit", "#dns_records:read", "#zone:read"],
  ...changes,
});

export const record = (changes: Partial<DnsRecord> = {}): DnsRecord => ({
  id: "r1",
  name: "www.example.com",
  type: "A",
  content: "52.0.0.1",
  ttl: 1,
  proxied: false,
  comment: "",
  priority: undefined,
  ...changes,
});

export interface FakeCloudflare {
  readonly client: CloudflareClient;
  records: DnsRecord[];
  readonly writes: string[];
}

export interface FakeOptions {
  readonly zones?: readonly Zone[];
  readonly records?: readonly DnsRecord[];
  readonly policies?: readonly TokenPolicy[];
  /** Called before each write takes effect (`before`) and after (`after`): throwing loses the answer. */
  readonly onWrite?: (moment: "before" | "after") => void;
}

export const fakeCloudflare = (options: FakeOptions = {}): FakeCloudflare => {
  const zones = options.zones ?? [zone()];
  let next = 100;
  const state: { records: DnsRecord[]; writes: string[] } = {
    records: [...(options.records ?? [])],
    writes: [],
  };
  const made = (content: RecordContent, id: string): DnsRecord => ({
    ...content,
    id,
    priority: content.priority,
  });
  const write = <Result>(told: string, change: () => Result): Result => {
    options.onWrite?.("before");
    state.writes.push(told);
    const result = change();
    options.onWrite?.("after");
    return result;
  };
  const create = (content: RecordContent): DnsRecord => {
    const twin = state.records.find(
      ({ name, type, content: is }) =>
        name === content.name && type === content.type && is === content.content,
    );
    if (twin) {
      throw new Failure({
        kind: "conflict",
        code: "cloudflare-81058",
        message: "An identical record already exists.",
      });
    }
    const record = made(content, `r${next++}`);
    state.records.push(record);
    return record;
  };
  const remove = (id: string) => {
    state.records = state.records.filter((each) => each.id !== id);
  };
  const client: CloudflareClient = {
    zones: {
      list: async () => zones,
      find: async (name) => zones.find((each) => name === each.name || name.endsWith(`.${each.name}`)),
      get: async (id) => zones.find((each) => each.id === id),
    },
    records: {
      list: async (_zone, filter = {}) =>
        state.records.filter(
          (each) =>
            (!filter.name || each.name === filter.name) &&
            (!filter.type || each.type === filter.type) &&
            (!filter.comment || each.comment.startsWith(filter.comment)),
        ),
      create: async (_zone, content) =>
        write(`create ${content.type} ${content.name}`, () => create(content)),
      update: async (_zone, id, content) =>
        write(`update ${id}`, () => {
          const record = made(content, id);
          state.records = state.records.map((each) => (each.id === id ? record : each));
          return record;
        }),
      delete: async (_zone, id) => write(`delete ${id}`, () => remove(id)),
      batch: async (_zone, batch) =>
        write(`batch -${batch.deletes?.length ?? 0} +${batch.creates?.length ?? 0}`, () => {
          for (const id of batch.deletes ?? []) remove(id);
          for (const content of batch.creates ?? []) create(content);
        }),
    },
    verifyToken: async () => ({ id: "t1", status: "active" }),
    tokenPolicies: async () => options.policies,
  };
  return {
    client,
    writes: state.writes,
    get records() {
      return state.records;
    },
    set records(records) {
      state.records = records;
    },
  };
};

export const owner: Owner = { pipeline: "aks", instance: "demo", step: "www" };

export const environment: Environment = {
  variables: {},
  credentials: {},
  azure: {},
  directory: "/",
  sandbox: false,
  pollInterval: 0,
};

/** Hands out clients by the name of their key. Clients of other types than asked for are a test's own mistake. */
export const useOf =
  (clients: Readonly<Record<string, unknown>>): Use =>
  async <Client>(key: ClientKey<Client>): Promise<Client> => {
    const name = Object.keys(clients).find((each) => key.name === each || key.name.startsWith(`${each} `));
    if (name === undefined) throw new Error(`the test has no client ${key.name}`);
    return Object(clients)[name];
  };

export const contextWith = (
  clients: Readonly<Record<string, unknown>>,
  changes: Partial<StepContext> = {},
): StepContext => ({
  use: useOf(clients),
  environment,
  signal: new AbortController().signal,
  clock: { now: () => 0, sleep: async () => {} },
  owner,
  fence: async () => {},
  report: () => {},
  dies: () => false,
  ...changes,
});
