/**
 * For nights, with `PROVISION_KILLS=20`: the main pipeline, with all its controllers, killed at so many of its writes on
 * the real API server. Each time it starts from nothing, is killed, is run once more, and is removed: two minutes or so for each.
 */
import { afterAll, beforeAll, expect, test } from "vitest";
import { failuresOf, type Running } from "../../e2e/command.ts";
import { helm } from "../helm.ts";
import { azureAlone, mainPipeline } from "./azure-alone.ts";
import { distinct, reaches, runUntil, spread } from "./killed-run.ts";
import { openRealParts, type RealParts } from "./real-parts.ts";

const points = Number(process.env.PROVISION_KILLS ?? 0);

let parts: RealParts;
beforeAll(async () => {
  if (points > 0) parts = await openRealParts(helm, mainPipeline);
});
afterAll(() => parts?.[Symbol.asyncDispose]());

const kinds =
  "namespaces,deployments,services,serviceaccounts,clusterroles,clusterrolebindings,ingressclasses,validatingwebhookconfigurations";

/** What is there, whatever the order in which it was made. */
const state = async () => {
  const { groups, resources, records, deployKeys } = await parts.cloud();
  const objects = (await parts.kubectl("get", kinds, "--all-namespaces", "--output=name")).split("\n");
  return [groups, resources, records, deployKeys, objects].map((names) => names.toSorted());
};

const runKilledAt = (point: number) => {
  const { command, testbed } = parts;
  const words = ["up", "--sandbox", "--yes", "--json", mainPipeline, "--input", "domain=example.com"];
  const variables = { PROVISION_HELM: testbed.binaries(helm) };
  return runUntil(
    { command, testbed },
    [...words, "--kubeconfig", testbed.kubeconfig],
    variables,
    reaches(point),
  );
};

/** Namespaces go after the command's end. */
const settled = { timeout: 120_000, interval: 2_000 };

const ended = async ({ ended }: Running): Promise<void> => {
  const { events, exitCode } = await ended;
  expect({ failures: failuresOf(events), exitCode }).toEqual({ failures: [], exitCode: 0 });
};

/** The real cluster does not go with Azure's: what is in it is pruned first. */
const remove = async (empty: unknown): Promise<void> => {
  const inputs = ["--input", "domain=example.com", "--kubeconfig", parts.testbed.kubeconfig];
  const azure = await azureAlone(parts.command);
  await ended(parts.command.events("up", [azure, ...inputs, "--prune"]));
  await ended(parts.events("destroy"));
  await expect.poll(state, settled).toEqual(empty);
};

test.skipIf(points < 2)(
  "The main pipeline killed anywhere is carried on by one more run",
  {
    timeout: 24 * 3_600_000,
  },
  async () => {
    const empty = await state();
    const undisturbed = await runKilledAt(Number.POSITIVE_INFINITY);
    expect(undisturbed.exitCode, undisturbed.said).toBe(0);
    const wanted = await state();
    const last = distinct(undisturbed.writes) - 1;
    await remove(empty);
    for (const point of spread(points, last)) {
      expect({ point, exitCode: (await runKilledAt(point)).exitCode }).toEqual({
        point,
        exitCode: undefined,
      });
      const { events, exitCode } = await parts.events("up").ended;
      expect({ point, failures: failuresOf(events), exitCode }).toEqual({ point, failures: [], exitCode: 0 });
      expect({ point, state: await state() }).toEqual({ point, state: wanted });
      expect({ point, plan: (await parts.run("plan", "--detailed-exitcode")).exitCode }).toEqual({
        point,
        plan: 0,
      });
      await remove(empty);
    }
  },
);
