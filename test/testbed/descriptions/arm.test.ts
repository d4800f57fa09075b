/**
 * What is said to ARM and what the sandbox answers, in a whole life of the main pipeline and in further requests,
 * agrees with Azure's own models of the versions that are asked for.
 */
import { beforeAll, expect, test } from "vitest";
import { proves } from "../verified/claim.ts";
import { azureCalls } from "./azure-calls.ts";
import { conformanceOf, progress } from "./conformance.ts";
import { agreementOf, isDescribed, openPublished, unlessDescribed, withoutNulls } from "./described.ts";
import type { Exchange } from "./exchanges.ts";
import { openPackages } from "./operations.ts";
import { recordCalls } from "./plain-azure.ts";
import { allSettings, mainLife, recordRun } from "./recorded-run.ts";

let packages: Awaited<ReturnType<typeof openPackages>>;
let run: readonly Exchange[] = [];
let all: readonly Exchange[] = [];
let further: readonly Exchange[] = [];

const isArm = ({ path }: Exchange): boolean => /^\/subscriptions(\/|$)/.test(path);

beforeAll(async () => {
  packages = await openPackages();
  run = (await recordRun(mainLife)).filter(isArm);
  all = (await recordRun(allSettings)).filter(isArm);
  further = await recordCalls(azureCalls);
});

test("the main pipeline's up, up, change and destroy", async () => {
  const { bodies, operations, violations, unknown } = conformanceOf(run, packages);
  expect({ violations, unknown }).toEqual({ violations: [], unknown: [] });
  expect(bodies).toBeGreaterThan(150);
  expect(operations).toBeGreaterThan(30);
});

const described = (
  [
    "azure/resource-group",
    "azure/public-ip",
    "azure/managed-identity",
    "azure/role-assignment",
    "azure/log-analytics-workspace",
    "azure/aks-cluster",
    "azure/aks-node-pool",
  ] as const
).map((step) => ({
  step,
  claim: "what is sent and what the sandbox answers is as Azure describes it",
  by: ["models of Azure's SDK"] as const,
}));

test("every setting of the Azure steps, made and changed", { meta: proves(...described) }, async () => {
  const { bodies, violations, unknown } = conformanceOf(all, packages);
  expect({ violations, unknown }).toEqual({ violations: [], unknown: [] });
  expect(bodies).toBeGreaterThan(150);
});

test("other kinds, defaults, tags, single pools, maintenance, deletions and refusals", async () => {
  const { operations, violations, unknown } = conformanceOf(further, packages);
  expect({ violations, unknown }).toEqual({ violations: [], unknown: [] });
  expect(operations).toBeGreaterThan(40);
});

test.skipIf(!isDescribed("azure"))(
  `the descriptions that Azure publishes${unlessDescribed("azure")}`,
  async ({ annotate }) => {
    const { bodies, violations, older, undescribed } = agreementOf(
      [...run, ...all, ...further].filter(({ path }) => !progress.test(path)),
      await openPublished("azure"),
      ({ path, query, answer }) => ({
        path,
        version: query.get("api-version") ?? "",
        answer: withoutNulls(answer),
      }),
    );
    await annotate(`${bodies} bodies. Not described here: ${undescribed.join(", ") || "nothing"}.`);
    await annotate(`Otherwise in an older version: ${older.join("\n") || "nothing"}.`);
    expect(violations).toEqual([]);
  },
);
