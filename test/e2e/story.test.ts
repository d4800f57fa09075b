/**
 * The main job as its users live it, with the built command: up, up again, a changed pool, a removed step, prune,
 * destroy. Real SDKs, real Helm, real charts, on a sandbox of the test's own. Each plan is what then happens.
 */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { control } from "./sandbox-control.ts";

const root = join(import.meta.dirname, "..", "..");
const program = join(root, "dist", "provision.js");
let folder: string;
let file: string;

const eventSchema = z.looseObject({ kind: z.string() });
type Event = z.output<typeof eventSchema>;
const planSchema = z.looseObject({
  steps: z.array(z.looseObject({ id: z.string(), action: z.string() })),
  orphans: z.array(z.looseObject({ step: z.string(), prune: z.boolean() })),
});

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "provision-story-"));
  file = join(folder, "provision.yaml");
  await writeFile(file, await readFile(join(root, "pipelines", "aks-nginx-flux.yaml"), "utf8"));
});
afterAll(async () => {
  await run(["sandbox", "stop"]);
  await rm(folder, { recursive: true, force: true });
});

const run = (words: readonly string[]) =>
  execa(process.execPath, [program, ...words], {
    cwd: root,
    reject: false,
    env: {
      PROVISION_SANDBOX: join(folder, "sandbox"),
      PROVISION_SANDBOX_PACE: "instant",
      NO_COLOR: "1",
      CLOUDFLARE_API_TOKEN: "",
    },
  });

const settingsSchema = z.looseObject({
  cloudflareToken: z.string(),
  clientSecret: z.string(),
  githubToken: z.string(),
});

/** No secret of the sandbox's is in what a command tells, plain or in base64. */
const withoutSecrets = async (text: string) => {
  const settings = settingsSchema.parse(
    JSON.parse(await readFile(join(folder, "sandbox", "settings.json"), "utf8")),
  );
  for (const secret of [settings.cloudflareToken, settings.clientSecret, settings.githubToken]) {
    expect(text.includes(secret)).toBe(false);
    expect(text.includes(Buffer.from(secret).toString("base64"))).toBe(false);
  }
};

/** A command on the pipeline, as events. */
const provision = async (command: string, ...words: readonly string[]) => {
  const { exitCode, stdout, stderr } = await run([
    command,
    file,
    "--sandbox",
    "--json",
    "--input",
    "domain=example.com",
    ...words,
  ]);
  await withoutSecrets(stdout + stderr);
  const events = stdout
    .split("\n")
    .filter(Boolean)
    .map((line): Event => eventSchema.parse(JSON.parse(line)));
  return { exitCode, events, stderr };
};

const planned = (events: readonly Event[]) =>
  planSchema.parse(events.find(({ kind }) => kind === "planned")?.plan);
const acting = (events: readonly Event[]) =>
  planned(events)
    .steps.filter(({ action }) => !["none", "read", "leave"].includes(action))
    .map(({ id, action }) => `${id} ${action}`);
/** What was done, as the plan would call it. */
const happened = (events: readonly Event[]) =>
  events
    .filter(({ kind, action }) => kind === "step-done" && !["none", "read", "leave"].includes(String(action)))
    .map(({ step, action }) => `${step} ${action}`);

const edit = async (from: string, to: string) => {
  const text = await readFile(file, "utf8");
  expect(text).toContain(from);
  await writeFile(file, text.replace(from, to));
};

test("from an empty subscription to a verified cluster, and back to nothing", async () => {
  const first = await provision("up", "--yes");
  expect(first.events.filter(({ kind }) => kind === "step-failed")).toEqual([]);
  expect(first.exitCode).toBe(0);
  expect(acting(first.events)).toHaveLength(15);
  const ended = first.events.at(-1);
  expect(ended).toMatchObject({
    kind: "run-ended",
    outcome: "done",
    outputs: { address: { kind: "value" }, cluster: { value: "clu-demo" } },
  });

  const again = await provision("up", "--yes");
  expect(again.exitCode).toBe(0);
  expect(acting(again.events)).toEqual([]);
  expect(happened(again.events)).toEqual([]);

  await edit(
    'count: ${{ inputs.nodes }}\n        autoscale: { minimum: "${{ inputs.nodes }}", maximum: "${{ inputs.most-nodes }}" }',
    "count: 3",
  );
  const plan = await provision("plan");
  expect(acting(plan.events)).toEqual(["cluster update"]);
  const changed = await provision("up", "--yes");
  expect(changed.exitCode).toBe(0);
  expect(happened(changed.events)).toEqual(acting(plan.events));

  const text = await readFile(file, "utf8");
  await writeFile(file, text.replace(/ {2}helm-operator:\n.*\n.*\n/, ""));
  const removal = await provision("plan", "--prune");
  expect(acting(removal.events)).toEqual([]);
  expect(planned(removal.events).orphans.map(({ step, prune }) => [step, prune])).toEqual([
    ["helm-operator", true],
  ]);
  const pruned = await provision("up", "--yes", "--prune");
  expect(pruned.exitCode).toBe(0);
  expect(happened(pruned.events)).toEqual(["helm-operator delete"]);
  expect(planned((await provision("plan")).events).orphans).toEqual([]);

  const destroyed = await provision("destroy", "--yes");
  expect(destroyed.events.filter(({ kind }) => kind === "step-failed")).toEqual([]);
  expect(destroyed.exitCode).toBe(0);
  expect(await control(join(folder, "sandbox"), "inventory")).toEqual({
    groups: [],
    resources: [],
    operations: [],
    records: [],
    deployKeys: [],
    directory: [],
  });
});
