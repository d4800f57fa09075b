import { expect, test } from "vitest";
import type { KeyCheckResult } from "../../../src/clients/git/client.ts";
import type { DeployKey, GitHubClient } from "../../../src/clients/github/client.ts";
import type {
  KubernetesClient,
  KubernetesObject,
  ObjectName,
} from "../../../src/clients/kubernetes/client.ts";
import { compareFields } from "../../../src/plan/compare.ts";
import type { Environment, Progress } from "../../../src/step/context.ts";
import { Failure } from "../../../src/step/failure.ts";
import { Secret } from "../../../src/step/secret.ts";
import step from "../../../src/steps/git/deploy-key.ts";
import { contextWith, environment, owner } from "../../families/dns/fake-cloudflare.ts";

const site = { pipeline: "aks", instance: "demo", subscription: "s" };
const cluster = { kind: "cluster", id: "kubeconfig:/k#c", name: "c" } as const;
const parse = (changes: Record<string, unknown> = {}) =>
  step.input.parse({ cluster, repository: "git@github.com:acme/config.git", ...changes });
const input = parse();
const ref = step.locate(input, site);
const withToken = { credentials: { github: new Secret("canary", "TEST") } };

/** Objects by kind and name, and GitHub's keys by repository, as the step sees them. */
const world = (
  options: { token?: boolean; check?: KeyCheckResult; sandbox?: boolean; refuse?: Failure } = {},
) => {
  const objects = new Map<string, KubernetesObject>();
  const writes: string[] = [];
  const told: Progress[] = [];
  const keyOf = ({ kind, namespace, name }: ObjectName) => `${kind} ${namespace ?? ""}/${name}`;
  const nameOf = (object: KubernetesObject): ObjectName => ({
    apiVersion: object.apiVersion,
    kind: object.kind,
    name: object.metadata.name,
    namespace: object.metadata.namespace,
  });
  const put = async (object: KubernetesObject) => {
    writes.push(keyOf(nameOf(object)));
    objects.set(keyOf(nameOf(object)), object);
    return object;
  };
  const kubernetes: Pick<KubernetesClient, "get" | "serves" | "list" | "kinds" | "apply" | "delete"> = {
    get: async (name) => objects.get(keyOf(name)),
    serves: async () => true,
    kinds: async () => [{ apiVersion: "v1", kind: "Secret", namespaced: true }],
    list: async ({ kind }, { namespace } = {}) =>
      [...objects.values()].filter(
        (object) => object.kind === kind && object.metadata.namespace === namespace,
      ),
    apply: put,
    delete: async (name) => {
      writes.push(`delete ${keyOf(name)}`);
      objects.delete(keyOf(name));
    },
  };
  const keys = new Map<string, DeployKey[]>();
  let next = 1;
  const of = ({ owner, name }: { owner: string; name: string }) => `${owner}/${name}`;
  const github: GitHubClient = {
    deployKeys: async (at) => {
      if (options.refuse) throw options.refuse;
      return keys.get(of(at)) ?? [];
    },
    addDeployKey: async (at, key) => {
      if (options.refuse) throw options.refuse;
      writes.push(`add ${of(at)}`);
      const added = { ...key, id: next++, key: key.key.split(" ").slice(0, 2).join(" ") };
      keys.set(of(at), [...(keys.get(of(at)) ?? []), added]);
      return added;
    },
    removeDeployKey: async (at, id) => {
      writes.push(`remove ${of(at)}`);
      keys.set(
        of(at),
        (keys.get(of(at)) ?? []).filter((key) => key.id !== id),
      );
    },
  };
  const checks: string[] = [];
  const git = {
    check: async ({ repository }: { repository: string }) => {
      checks.push(repository);
      return options.check ?? { state: "refused", evidence: ["Permission denied (publickey)."] };
    },
  };
  const settings: Environment = {
    ...environment,
    sandbox: options.sandbox ?? false,
    ...(options.token ? withToken : {}),
  };
  const context = contextWith(
    { kubernetes, github, git },
    { environment: settings, report: (progress) => told.push(progress) },
  );
  const up = async (wanted = input) => {
    await step.apply(context, ref, wanted, await step.observe(context, ref));
  };
  const changes = async (wanted = input) => {
    const observed = await step.observe(context, ref);
    const actual = observed.state === "present" ? observed.actual : undefined;
    return compareFields(step.fields(wanted, actual), actual !== undefined).changes.map(({ path }) => path);
  };
  const output = async () => {
    const observed = await step.observe(context, ref);
    if (observed.state !== "present") throw new Error("the key should be there");
    return observed.output;
  };
  return { objects, keys, writes, told, checks, context, up, changes, output };
};

test("with a token one run makes the pair, keeps it, registers it and is ready; a second changes nothing", async () => {
  const { up, changes, keys, objects, writes, context, output } = world({ token: true });
  await up();
  expect(writes).toEqual(["Namespace /flux-system", "Secret flux-system/git-deploy-key", "add acme/config"]);
  expect(keys.get("acme/config")).toMatchObject([{ title: "provision aks/demo/www", readOnly: true }]);
  const made = await output();
  expect(made).toMatchObject({
    kind: "deploy-key",
    namespace: "flux-system",
    secret: "git-deploy-key",
    repository: "ssh://git@github.com/acme/config",
    publicKey: expect.stringMatching(/^ssh-ed25519 \S+ provision aks\/demo\/www$/),
    fingerprint: expect.stringMatching(/^SHA256:/),
  });
  expect(JSON.stringify(made)).not.toContain("PRIVATE");
  const data = objects.get("Secret flux-system/git-deploy-key")?.data;
  expect(Object.keys(Object(data))).toEqual(["identity", "identity.pub", "known_hosts"]);
  expect(await changes()).toEqual([]);
  expect(await step.verify(context, ref, input)).toMatchObject({ ready: true });
});

test("without a token a person gets the key, the page and the next command, and steps beside it go on", async () => {
  const { up, changes, context, output, checks } = world();
  await up();
  expect(await changes()).toEqual([]);
  expect(await step.verify(context, ref, input)).toEqual({
    ready: false,
    reason:
      "the deploy key does not open ssh://git@github.com/acme/config yet (there is no token for GitHub)",
    worthWaiting: false,
    needsPerson: true,
    hint: "paste this public key at https://github.com/acme/config/settings/keys/new, then run `up` again",
    evidence: [(await output()).publicKey, "Permission denied (publickey)."],
  });
  expect(checks).toEqual(["ssh://git@github.com/acme/config"]);
});

test("once the person has pasted it, git itself says so", async () => {
  const { up, context } = world({ check: { state: "opens" } });
  await up();
  expect(await step.verify(context, ref, input)).toEqual({
    ready: true,
    detail: "the key opens ssh://git@github.com/acme/config",
  });
});

test.each(["forbidden", "not-found"] as const)("a token that gets %s leaves it to a person", async (kind) => {
  const refuse = new Failure({ kind, code: "github-403", message: "Resource not accessible by integration" });
  const { up, context } = world({ token: true, refuse });
  await up();
  expect(await step.verify(context, ref, input)).toMatchObject({ ready: false, needsPerson: true });
});

test("a key that somebody removed at GitHub is registered again, and its pair stays", async () => {
  const { up, changes, keys, output } = world({ token: true });
  await up();
  const before = await output();
  keys.clear();
  expect(await changes()).toEqual(["registered"]);
  await up();
  expect(await output()).toEqual(before);
  expect(keys.get("acme/config")).toHaveLength(1);
});

test("other access means registering the same pair again", async () => {
  const { up, changes, keys, writes, output } = world({ token: true });
  await up();
  const before = await output();
  const wanted = parse({ readOnly: false });
  expect(await changes(wanted)).toEqual(["access"]);
  await up(wanted);
  expect(writes.slice(-2)).toEqual(["remove acme/config", "add acme/config"]);
  expect(keys.get("acme/config")).toMatchObject([{ readOnly: false }]);
  expect(await output()).toEqual(before);
  expect(await changes(wanted)).toEqual([]);
});

test("another repository gets another pair, and the old one's key is removed there", async () => {
  const { up, keys, output } = world({ token: true });
  await up();
  const before = await output();
  await up(parse({ repository: "acme/other" }));
  expect(keys.get("acme/config")).toEqual([]);
  expect(keys.get("acme/other")).toHaveLength(1);
  expect((await output()).publicKey).not.toBe(before.publicKey);
});

test("destroying removes the key at GitHub first, then the Secret; twice is success", async () => {
  const { up, keys, objects, writes, context } = world({ token: true });
  await up();
  await step.destroy(context, ref);
  expect(writes.slice(-3)).toEqual([
    "remove acme/config",
    "delete Secret flux-system/git-deploy-key",
    "delete Namespace /flux-system",
  ]);
  expect(keys.get("acme/config")).toEqual([]);
  expect([...objects.keys()]).toEqual([]);
  await expect(step.destroy(context, ref)).resolves.toBeUndefined();
});

test("a namespace of its own that a removal left behind, cut short, goes with the next one", async () => {
  const { up, objects, writes, context } = world({ token: true });
  await up();
  objects.delete("Secret flux-system/git-deploy-key");
  await step.destroy(context, ref);
  expect(writes.at(-1)).toBe("delete Namespace /flux-system");
  expect([...objects.keys()]).toEqual([]);
});

test("a namespace with something else in it stays, and so does one that others made", async () => {
  const { up, told, objects, context } = world({ token: true });
  await up();
  const other = { apiVersion: "v1", kind: "Secret", metadata: { name: "theirs", namespace: "flux-system" } };
  objects.set("Secret flux-system/theirs", other);
  await step.destroy(context, ref);
  expect([...objects.keys()]).toEqual(["Namespace /flux-system", "Secret flux-system/theirs"]);
  expect(told.at(-1)).toMatchObject({ message: "namespace flux-system stays: Secret theirs still in it" });

  const shared = world({ token: true });
  const theirs = { apiVersion: "v1", kind: "Namespace", metadata: { name: "flux-system" } };
  shared.objects.set("Namespace /flux-system", theirs);
  await shared.up();
  await step.destroy(shared.context, ref);
  expect([...shared.objects.values()]).toEqual([theirs]);
});

test("when its cluster goes in the same run, the key is removed at GitHub alone", async () => {
  const { up, keys, writes, told, context, objects } = world({ token: true });
  await up();
  const other = { apiVersion: "v1", kind: "Secret", metadata: { name: "theirs", namespace: "flux-system" } };
  objects.set("Secret flux-system/theirs", other);
  await step.destroy({ ...context, dies: ({ id }) => id === cluster.id }, ref);
  expect(writes.at(-1)).toBe("remove acme/config");
  expect(keys.get("acme/config")).toEqual([]);
  expect(told).toEqual([]);
});

test("without a token destroying says what is left at GitHub, and where", async () => {
  const { up, told, objects, context } = world();
  await up();
  await step.destroy(context, ref);
  expect(told).toMatchObject([
    {
      kind: "warning",
      code: "P0481",
      hint: expect.stringContaining("https://github.com/acme/config/settings/keys"),
    },
  ]);
  expect(objects.has("Secret flux-system/git-deploy-key")).toBe(false);
});

test("a key that is to write and may only read is a person's to mend", async () => {
  const { up, context } = world({ check: { state: "read-only", evidence: ["ERROR: marked as read only."] } });
  const wanted = parse({ readOnly: false });
  await up(wanted);
  expect(await step.verify(context, ref, wanted)).toMatchObject({
    ready: false,
    needsPerson: true,
    reason: expect.stringContaining("may only read ssh://git@github.com/acme/config, and is to write"),
    hint: expect.stringContaining("add it again with write access"),
    evidence: [expect.stringMatching(/^ssh-ed25519 /), "ERROR: marked as read only."],
  });
});

test("a Secret of somebody else is not destroyed", async () => {
  const { up, objects, context } = world({ token: true });
  await up();
  await step.destroy({ ...context, owner: { ...owner, instance: "other" } }, ref);
  expect(objects.has("Secret flux-system/git-deploy-key")).toBe(true);
});

test("the sandbox has no GitHub, and asks no real one", async () => {
  const { up, context, keys, checks } = world({ token: true, sandbox: true });
  await up();
  expect(await step.verify(context, ref, input)).toMatchObject({ ready: true });
  expect(keys.size).toBe(0);
  expect(checks).toEqual([]);
});

test("an address that is none, and a host without keys, are refused before anything is written", async () => {
  const { up, writes } = world();
  await expect(up(parse({ repository: "not a repository" }))).rejects.toMatchObject({ code: "P0482" });
  const elsewhere = parse({ repository: "https://git.example.com/team/config" });
  await expect(up(elsewhere)).rejects.toMatchObject({ code: "P0483" });
  expect(writes).toEqual([]);
  await up({ ...elsewhere, knownHosts: "git.example.com ssh-ed25519 AAAA" });
  expect(writes).toContain("Secret flux-system/git-deploy-key");
});

test("a Secret with half a pair gets a whole one", async () => {
  const { up, changes, objects, output } = world({ token: true });
  await up();
  const secret = objects.get("Secret flux-system/git-deploy-key");
  if (!secret) throw new Error("the Secret should be there");
  objects.set("Secret flux-system/git-deploy-key", {
    ...secret,
    data: { known_hosts: Object(secret.data).known_hosts },
  });
  expect(await changes()).toEqual(["key pair", "registered"]);
  await up();
  expect((await output()).publicKey).not.toBe("");
});

test("what is known before anything exists is what follows from the input", () => {
  expect(ref).toMatchObject({
    id: "v1 Secret flux-system/git-deploy-key",
    within: { id: cluster.id },
  });
  expect(step.predict.repository?.(input, ref)).toBe("ssh://git@github.com/acme/config");
  expect(step.predict.publicKey).toBeUndefined();
});
