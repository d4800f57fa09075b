import { expect, test } from "vitest";
import type { Zone } from "../../src/clients/cloudflare/client.ts";
import type { Asked } from "../../src/preflight/check.ts";
import { checkCloudflare } from "../../src/preflight/cloudflare.ts";
import { Failure } from "../../src/step/failure.ts";
import { Secret } from "../../src/step/secret.ts";
import { fakeCloudflare, useOf, zone } from "../families/dns/fake-cloudflare.ts";

const signal = new AbortController().signal;
const requirement = (changes: Partial<Extract<Asked, { kind: "cloudflare-zone" }>> = {}): Asked => ({
  kind: "cloudflare-zone",
  step: "zone",
  zone: "example.com",
  permissions: ["zone:read", "dns:edit"],
  ...changes,
});
const check = (zones: readonly Zone[], requirements = [requirement()]) =>
  checkCloudflare(requirements, { use: useOf({ cloudflare: fakeCloudflare({ zones }).client }), signal });

test("an active zone that the token may edit is well", async () => {
  expect(await check([zone()])).toEqual([
    {
      code: "P0640",
      severity: "ok",
      steps: ["zone"],
      message: "zone example.com is active, delegated to ada.ns.cloudflare.com, bob.ns.cloudflare.com",
    },
    {
      code: "P0645",
      severity: "ok",
      steps: ["zone"],
      message: "the run's own token has Zone:Read and DNS:Edit on example.com",
    },
  ]);
});

test("a domain inside a zone is that zone's", async () => {
  expect(await check([zone()], [requirement({ zone: "dev.example.com" })])).toMatchObject([
    { code: "P0640" },
    { code: "P0645" },
  ]);
});

test("a zone that is not there, not delegated or not editable is in the way, with what to do", async () => {
  expect(await check([])).toMatchObject([
    { code: "P0641", severity: "blocker", hint: expect.stringContaining("Zone:Read") },
  ]);
  expect(await check([zone({ status: "pending" })])).toMatchObject([
    { code: "P0642", severity: "blocker", hint: expect.stringContaining("ada.ns.cloudflare.com") },
    { code: "P0645" },
  ]);
  expect(await check([zone({ permissions: ["#zone:read"] })])).toMatchObject([
    { code: "P0640" },
    { code: "P0645", message: "the run's own token has Zone:Read on example.com" },
    { code: "P0643", severity: "blocker", message: "the run's own token has no DNS:Edit on example.com" },
  ]);
});

test("a missing permission is told to the steps that ask for it, the zone's state to all of them", async () => {
  const asked = [
    requirement({ permissions: ["zone:read"] }),
    requirement({ step: "www", permissions: ["dns:edit"] }),
    requirement({ step: "mail", permissions: ["dns:edit"] }),
  ];
  expect(await check([zone({ permissions: ["#zone:read"] })], asked)).toMatchObject([
    { code: "P0640", steps: ["zone", "www", "mail"] },
    { code: "P0645", steps: ["zone"] },
    { code: "P0643", steps: ["www", "mail"] },
  ]);
  expect(await check([], asked)).toMatchObject([{ code: "P0641", steps: ["zone", "www", "mail"] }]);
});

test("what Cloudflare does not tell is worth a look and no more", async () => {
  expect(await check([zone({ permissions: [] })])).toContainEqual(
    expect.objectContaining({ code: "P0644", severity: "warning" }),
  );
});

test("several steps ask once, and tokens are told apart by where they come from", async () => {
  const opened: string[] = [];
  const { client } = fakeCloudflare();
  const use = useOf({ cloudflare: client });
  const findings = await checkCloudflare(
    [
      requirement({ permissions: ["zone:read"] }),
      requirement({ zone: "Example.com", permissions: ["dns:edit"] }),
      requirement({ token: new Secret("canary", "secrets.dns") }),
      requirement({ token: new Secret("canary", "secrets.dns") }),
    ],
    {
      use: (key) => {
        opened.push(key.name);
        return use(key);
      },
      signal,
    },
  );
  expect(opened).toHaveLength(2);
  expect(findings.map(({ message }) => message)).toContain(
    "secrets.dns has Zone:Read and DNS:Edit on example.com",
  );
  expect(findings).toHaveLength(4);
  expect(JSON.stringify(findings)).not.toContain("canary");
});

test("a step's token that is the run's own is asked about once, by its name", async () => {
  const { client } = fakeCloudflare({ zones: [zone({ permissions: ["#zone:read"] })] });
  const findings = await checkCloudflare(
    [requirement(), requirement({ token: new Secret("canary", "CLOUDFLARE_API_TOKEN") })],
    { use: useOf({ cloudflare: client }), signal, cloudflareOrigin: "CLOUDFLARE_API_TOKEN" },
  );
  expect(findings.filter(({ severity }) => severity === "blocker")).toEqual([
    expect.objectContaining({ message: "CLOUDFLARE_API_TOKEN has no DNS:Edit on example.com" }),
  ]);
});

test.each([
  ["unauthenticated", "P0646"],
  ["forbidden", "P0643"],
  ["transient", "P0649"],
] as const)("a failure that is %s is a finding, never an exception", async (kind, code) => {
  const { client } = fakeCloudflare();
  const broken = {
    ...client,
    zones: {
      ...client.zones,
      find: async () => {
        throw new Failure({ kind, code: "x", message: "no" });
      },
    },
  };
  const findings = await checkCloudflare([requirement()], { use: useOf({ cloudflare: broken }), signal });
  expect(findings).toMatchObject([{ code, severity: "blocker", steps: ["zone"] }]);
});
