/**
 * What is said to ARM and what the sandbox answers, in a whole life of the main pipeline and in further requests,
 * agrees with Azure's own models of the versions that are asked for.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { startSandbox } from "../../../src/sandbox/server.ts";
import { conformanceOf } from "./conformance.ts";
import { agreementOf, descriptionsFolder, openFolder, unlessDescribed, withoutNulls } from "./described.ts";
import type { Exchange } from "./exchanges.ts";
import { recordFurther } from "./further-requests.ts";
import { openPackages } from "./operations.ts";
import { recordRun } from "./recorded-run.ts";

let run: readonly Exchange[] = [];
let further: readonly Exchange[] = [];

beforeAll(async () => {
  run = (await recordRun()).filter(({ path }) => /^\/subscriptions(\/|$)/.test(path));
  const directory = await mkdtemp(join(tmpdir(), "provision-further-"));
  const sandbox = await startSandbox({ directory });
  further = await recordFurther(sandbox);
  await sandbox.stop();
  await rm(directory, { recursive: true, force: true });
});

test("the main pipeline's up, up, change and destroy", async () => {
  const { bodies, operations, violations, unknown } = conformanceOf(run, await openPackages());
  expect({ violations, unknown }).toEqual({ violations: [], unknown: [] });
  expect(bodies).toBeGreaterThan(150);
  expect(operations).toBeGreaterThan(30);
});

test("other kinds, defaults, tags, single pools, maintenance, deletions and refusals", async () => {
  const { operations, violations, unknown } = conformanceOf(further, await openPackages());
  expect({ violations, unknown }).toEqual({ violations: [], unknown: [] });
  expect(operations).toBeGreaterThan(40);
});

test.skipIf(descriptionsFolder === undefined)(
  `the descriptions that Azure publishes${unlessDescribed}`,
  async ({ annotate }) => {
    const { bodies, violations, undescribed } = agreementOf(
      [...run, ...further],
      await openFolder(),
      (exchange) => ({
        path: exchange.path,
        version: exchange.query.get("api-version") ?? "",
        answer: withoutNulls(exchange.answer),
      }),
    );
    await annotate(`${bodies} bodies; not described here: ${undescribed.join(", ") || "nothing"}`);
    expect(violations).toEqual([]);
  },
);
