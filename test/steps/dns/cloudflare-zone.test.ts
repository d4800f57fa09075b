import { expect, test } from "vitest";
import type { Zone } from "../../../src/clients/cloudflare/client.ts";
import step from "../../../src/steps/dns/cloudflare-zone.ts";
import { contextWith, fakeCloudflare, zone } from "../../families/dns/fake-cloudflare.ts";

const site = { pipeline: "aks", instance: "demo", subscription: "s" };
const input = step.input.parse({ name: "Example.com" });
const ref = step.locate(input, site);
const verify = (changes: Partial<Zone>) =>
  step.verify(contextWith({ cloudflare: fakeCloudflare({ zones: [zone(changes)] }).client }), ref, input);

test("the zone's handle is its id and its name, and the name is known before anything is asked", async () => {
  expect(step.predict.name?.(input, ref)).toBe("example.com");
  const seen = await step.observe(contextWith({ cloudflare: fakeCloudflare().client }), ref);
  expect(seen).toMatchObject({ state: "present", output: { kind: "zone", id: "z1", name: "example.com" } });
});

test("the zone of a longer name is not this zone", async () => {
  const { client } = fakeCloudflare();
  const sub = step.locate(step.input.parse({ name: "dev.example.com" }), site);
  expect(await step.observe(contextWith({ cloudflare: client }), sub)).toEqual({ state: "absent" });
});

test("an active zone is ready, and says its name servers", async () => {
  expect(await verify({})).toEqual({
    ready: true,
    detail: "active, delegated to ada.ns.cloudflare.com, bob.ns.cloudflare.com",
  });
});

test.each([
  ["pending", "not delegated to Cloudflare yet"],
  ["moved", "no longer delegated to Cloudflare"],
] as const)("a zone that is %s names the name servers to set at the registrar", async (status, reason) => {
  const verdict = await verify({ status });
  expect(verdict).toMatchObject({
    ready: false,
    worthWaiting: false,
    reason: expect.stringContaining(reason),
  });
  expect(verdict).toMatchObject({
    hint: expect.stringContaining("ada.ns.cloudflare.com and bob.ns.cloudflare.com"),
  });
});

test("a paused zone is not ready; one that is being set up is worth waiting for", async () => {
  expect(await verify({ paused: true })).toMatchObject({ ready: false, worthWaiting: false });
  expect(await verify({ status: "initializing" })).toMatchObject({ ready: false, worthWaiting: true });
});

test("a token that may only read is found before a record is tried", async () => {
  expect(await verify({ permissions: ["#zone:read", "#dns_records:read"] })).toMatchObject({
    ready: false,
    worthWaiting: false,
    reason: "the Cloudflare token has no DNS:Edit on example.com",
  });
});

test("preflight is told the zone and the permissions", () => {
  expect(step.requires?.(input)).toEqual([
    { kind: "cloudflare-zone", zone: "Example.com", permissions: ["zone:read", "dns:edit"] },
  ]);
});
