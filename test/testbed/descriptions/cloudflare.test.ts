/** What the sandbox's Cloudflare is told and answers agrees with the types of Cloudflare's own SDK. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { startSandbox } from "../../../src/sandbox/server.ts";
import { proves } from "../verified/claim.ts";
import { recordCloudflare } from "./cloudflare-requests.ts";
import { checkCloudflare } from "./cloudflare-types.ts";
import { agreementOf, isDescribed, openPublished, unlessDescribed } from "./described.ts";
import type { Exchange } from "./exchanges.ts";

let exchanges: readonly Exchange[] = [];

beforeAll(async () => {
  const directory = await mkdtemp(join(tmpdir(), "provision-cloudflare-"));
  const sandbox = await startSandbox({ directory });
  exchanges = await recordCloudflare(sandbox);
  await sandbox.stop();
  await rm(directory, { recursive: true, force: true });
});

const described = (["dns/cloudflare-zone", "dns/cloudflare-record"] as const).map((step) => ({
  step,
  claim: "what is sent and what the sandbox answers is as Cloudflare declares it",
  by: ["types of Cloudflare's SDK"] as const,
}));

test("tokens, zones, records of every kind, batches and refusals", {
  meta: proves(...described),
}, async () => {
  const { bodies, violations, unknown } = await checkCloudflare(exchanges);
  expect({ violations, unknown }).toEqual({ violations: [], unknown: [] });
  expect(bodies).toBeGreaterThan(30);
});

test("a body that is not as declared is found, with its request", async () => {
  const zone = exchanges.find(({ method, path }) => method === "GET" && /\/zones\/[^/]+$/.test(path));
  if (zone === undefined) throw new Error("no zone was asked for");
  const wrong = (result: object): Exchange => ({ ...zone, answer: { ...Object(zone.answer), result } });
  const { result } = Object(zone.answer);
  const { violations } = await checkCloudflare([
    wrong({ ...result, colour: "blue" }),
    wrong({ ...result, name: null }),
    wrong({ ...result, status: "sleeping" }),
  ]);
  expect(violations).toEqual([
    expect.stringMatching(/^GET \/zones\/\w+ 200 answer: .*'"colour"' does not exist in type 'Zone'/),
    expect.stringContaining("Type 'null' is not assignable to type 'string'"),
    expect.stringContaining(`Type '"sleeping"' is not assignable`),
  ]);
});

test.skipIf(!isDescribed("cloudflare"))(
  `the description that Cloudflare publishes${unlessDescribed("cloudflare")}`,
  async ({ annotate }) => {
    // Its refusals are declared as success and refusal at once.
    const done = exchanges.filter(({ status }) => status < 400);
    const { bodies, violations, undescribed } = agreementOf(
      done,
      await openPublished("cloudflare"),
      ({ path, answer }) => ({
        path: path.replace(/^\/client\/v4/, ""),
        // The service answers null for a comment that there is not.
        answer: JSON.parse(JSON.stringify(answer).replaceAll('"comment":null,', "")),
      }),
    );
    await annotate(`${bodies} bodies; not described here: ${undescribed.join(", ") || "nothing"}`);
    expect(violations).toEqual([]);
  },
);
