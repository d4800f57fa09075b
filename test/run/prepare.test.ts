/** Orphans are looked for in every cluster that the pipeline has, also where none of its steps lives any more. */
import { expect, test } from "vitest";
import { prepare } from "../../src/run/prepare.ts";
import { clusterRef } from "../../src/step/handle.ts";
import type { Ref } from "../../src/step/ref.ts";
import { createBench } from "../fakes/bench.ts";

test("a cluster that a step made is searched though nothing of the pipeline lives in it now", async () => {
  const bench = createBench();
  const request = bench.request("name: pair\nsteps:\n  one: { uses: test/thing, with: { name: one } }\n");
  const step = request.setting.steps.get("test/thing");
  if (step === undefined) throw new Error("the bench has no step");
  const cluster = { kind: "cluster", id: "/clu#admin", name: "clu" };
  const steps = new Map([
    [
      "test/thing",
      {
        ...step,
        observe: async () => ({
          state: "present" as const,
          actual: { size: 1, label: "" },
          output: cluster,
          owner: undefined,
        }),
      },
    ],
  ]);
  const searched: Ref[] = [];
  const family = {
    name: "kubernetes",
    discover: async (_context: unknown, _scope: unknown, clusters: readonly Ref[]) => {
      searched.push(...clusters);
      return [];
    },
  };
  const { clusters } = await prepare(
    { ...bench.world, families: async () => [family] },
    { ...request, setting: { ...request.setting, steps } },
    { command: "up", join: false, prune: false },
  );
  expect(searched).toEqual([clusterRef(cluster)]);
  // Its Lease is no business of a run that writes nothing into it.
  expect(clusters).toEqual([]);
});
