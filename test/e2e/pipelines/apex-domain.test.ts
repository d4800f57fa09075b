/** The shipped pipeline for the root of a domain, at both providers: up, up again, a record in the way, destroy. */
import tls from "node:tls";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { openAzure } from "../../../src/clients/azure/open.ts";
import { cloudflareClient } from "../../../src/clients/cloudflare/sdk.ts";
import { type RunningSandbox, status } from "../../../src/sandbox/process.ts";
import { Secret } from "../../../src/step/secret.ts";
import { failuresOf, openCommand, type TestCommand, written } from "../command.ts";

let command: TestCommand;
let sandbox: RunningSandbox;
beforeAll(async () => {
  command = await openCommand("apex");
  const running = await status(`${command.folder}/sandbox`);
  if (!running) throw new Error("the sandbox does not run");
  sandbox = running;
  tls.setDefaultCACertificates([...tls.getCACertificates("default"), running.authority]);
});
afterAll(() => command[Symbol.asyncDispose]());

const words = (inputs: Readonly<Record<string, string>>): readonly string[] => [
  "pipelines/apex-domain.yaml",
  ...Object.entries(inputs).flatMap(([name, value]) => ["--input", `${name}=${value}`]),
];
const atAzure = words({ domain: "shop.example", label: "shop" });
const atCloudflare = words({ domain: "example.com", dns: "cloudflare", label: "example-com" });

const inventorySchema = z.looseObject({
  groups: z.array(z.string()),
  resources: z.array(z.string()),
  records: z.array(z.string()),
});
const inventory = async () => inventorySchema.parse(await command.control("inventory"));

/** Up, and up again without a write. */
const twice = async (pipeline: readonly string[]): Promise<readonly string[]> => {
  const first = await command.events("up", pipeline).ended;
  expect({ exitCode: first.exitCode, failures: failuresOf(first.events) }).toEqual({
    exitCode: 0,
    failures: [],
  });
  const again = await command.events("up", pipeline).ended;
  expect({ exitCode: again.exitCode, written: written(again.events) }).toEqual({ exitCode: 0, written: [] });
  return written(first.events).toSorted();
};

const destroyed = async (pipeline: readonly string[]): Promise<void> => {
  const { exitCode, events } = await command.events("destroy", pipeline).ended;
  expect({ exitCode, failures: failuresOf(events) }).toEqual({ exitCode: 0, failures: [] });
};

test("without credentials the plan names every step", async () => {
  const { exitCode, stdout } = await command.run(["plan", "--offline", ...atAzure]);
  expect({ exitCode, stdout }).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("5 to create") });
});

test("at Azure DNS: an alias at the root, www as CNAME; a record in the way stops the plan", async () => {
  expect(await twice(atAzure)).toEqual([
    "azure-root create",
    "azure-www create",
    "azure-zone create",
    "group create",
    "ip create",
  ]);
  const variables = { ...sandbox.environment(), PROVISION_CA_FILE: sandbox.authorityFile };
  const client = await openAzure({
    variables,
    credentials: {},
    azure: { endpoint: sandbox.url },
    directory: command.folder,
    sandbox: true,
    pollInterval: 1,
  });
  const { signal } = new AbortController();
  const zone = `/subscriptions/${client.subscription}/resourceGroups/rg-shop/providers/Microsoft.Network/dnsZones/shop.example`;
  await client.delete(`${zone}/CNAME/www`, "2018-05-01", {}, signal);
  const body = { properties: { TTL: 60, ARecords: [{ ipv4Address: "20.0.0.1" }] } };
  await client.put(`${zone}/A/www`, "2018-05-01", body, {}, signal);
  const before = await inventory();
  const plan = await command.run(["plan", "--sandbox", ...atAzure]);
  expect(plan.said).toMatch(/azure-www/);
  expect(plan.said).toMatch(/A www|not carry|marks|adopt/);
  const up = await command.events("up", atAzure).ended;
  expect(up.exitCode).not.toBe(0);
  expect(written(up.events)).toEqual([]);
  expect(await inventory()).toEqual(before);
  await client.delete(`${zone}/A/www`, "2018-05-01", {}, signal);
  await destroyed(atAzure);
  expect(await inventory()).toMatchObject({ groups: [], resources: [] });
});

test("at Cloudflare: a flattened CNAME at the root; a record in the way stops the plan", async () => {
  const token = new Secret(await command.cloudflareToken(), "test");
  const client = cloudflareClient({ token, baseUrl: `${sandbox.url}/client/v4` });
  const zone = await client.zones.find("example.com");
  const id = zone?.id ?? "";
  await client.records.create(id, {
    name: "example.com",
    type: "A",
    content: "20.0.0.1",
    ttl: 1,
    proxied: false,
    comment: "by hand",
    priority: undefined,
  });
  const up = await command.events("up", atCloudflare).ended;
  expect(up.exitCode).not.toBe(0);
  expect(up.said).toContain("cloudflare-root");
  expect(written(up.events)).toEqual([]);
  expect(await inventory()).toMatchObject({ groups: [], records: ["example.com A 20.0.0.1"] });
  const [byHand] = await client.records.list(id, { name: "example.com" });
  await client.records.delete(id, byHand?.id ?? "");

  expect(await twice(atCloudflare)).toEqual([
    "cloudflare-root create",
    "cloudflare-www create",
    "group create",
    "ip create",
  ]);
  expect((await inventory()).records.toSorted()).toEqual([
    "example.com CNAME example-com.westeurope.cloudapp.azure.com",
    "www.example.com CNAME example.com",
  ]);
  await destroyed(atCloudflare);
  expect(await inventory()).toMatchObject({ groups: [], resources: [], records: [] });
});
