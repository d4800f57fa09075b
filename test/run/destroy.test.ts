import { expect, test } from "vitest";
import { destroy } from "../../src/run/destroy.ts";
import { prepare } from "../../src/run/prepare.ts";
import { Failure } from "../../src/step/failure.ts";
import { clusterRefType } from "../../src/step/handle.ts";
import type { Ref } from "../../src/step/ref.ts";
import { type Bench, createBench } from "../fakes/bench.ts";
import { passing } from "../fakes/things.ts";

const both = `
name: pair
steps:
  one: { uses: test/thing, with: { name: one } }
  two: { uses: test/thing, with: { name: two, label: "\${{ steps.one.outputs.address }}" } }
`;
const first = `
name: pair
steps:
  one: { uses: test/thing, with: { name: one } }
`;

test("destroy goes against the order of creation and leaves nothing", async () => {
  const bench = createBench();
  await bench.up(both);
  bench.cloud.calls.length = 0;
  expect((await bench.destroy(both)).outcome).toBe("done");
  expect(bench.cloud.calls.filter((call) => call.startsWith("destroy"))).toEqual([
    "destroy two",
    "destroy one",
  ]);
  expect(bench.cloud.things.size).toBe(0);
});

test("destroy of a part that was made removes just that, and once more does nothing", async () => {
  const bench = createBench();
  await bench.up(first);
  expect((await bench.destroy(both)).outcome).toBe("done");
  expect((await bench.destroy(both)).outcome).toBe("done");
  expect(bench.cloud.things.size).toBe(0);
});

test("destroy touches nothing that is not ours, nor what is protected", async () => {
  const bench = createBench();
  await bench.up(
    both
      .replace("name: one }", "name: one }, protect: true")
      .replace(
        "{ uses: test/thing, with: { name: one }, protect: true }",
        "{ uses: test/thing, protect: true, with: { name: one } }",
      ),
  );
  bench.cloud.things.set("two", { owner: undefined, size: 1, label: "" });
  const protectedOne = both.replace("one: { uses: test/thing,", "one: { uses: test/thing, protect: true,");
  expect((await bench.destroy(protectedOne)).outcome).toBe("done");
  expect([...bench.cloud.things.keys()].sort()).toEqual(["one", "two"]);
});

test("what no step names any more is an orphan: shown always, removed only with prune", async () => {
  const bench = createBench();
  await bench.up(both);
  const plan = await bench.plan(first);
  expect(plan.orphans).toEqual([
    { ref: { type: "test/thing", version: 1, id: "two" }, step: "two", prune: false },
  ]);
  await bench.up(first);
  expect(bench.cloud.things.has("two")).toBe(true);
  expect((await bench.up(first, { prune: true })).outcome).toBe("done");
  expect([...bench.cloud.things.keys()]).toEqual(["one"]);
});

test("a renamed step keeps its thing, which is marked anew and no orphan", async () => {
  const bench = createBench();
  await bench.up(first);
  const renamed = first.replace("  one:", "  uno:");
  const plan = await bench.plan(renamed);
  expect(plan.orphans).toEqual([]);
  expect(plan.steps[0]).toMatchObject({
    id: "uno",
    action: "update",
    notes: ["was step `one`: marked anew"],
  });
  await bench.up(renamed);
  expect(bench.cloud.things.get("one")?.owner?.step).toBe("uno");
});

test("nothing is called an orphan while a place is not known", async () => {
  const bench = createBench();
  await bench.up(both);
  const dependent = `
name: pair
steps:
  other: { uses: test/thing, with: { name: other } }
  two: { uses: test/thing, with: { name: "\${{ steps.other.outputs.address }}" } }
`;
  expect((await bench.plan(dependent)).orphans).toEqual([]);
});

/** As a removal leaves it that was killed once the thing was gone: marks, and nothing that a look would find. */
const leaveRemains = ({ cloud }: Bench, id: string, within?: Ref): void => {
  cloud.remains.set(id, {
    ref: { type: "test/thing", version: 1, id, ...(within && { within }) },
    owner: { pipeline: "pair", instance: "pair", step: id },
  });
};
const destructions = ({ cloud }: Bench): readonly string[] =>
  cloud.calls.filter((call) => call.startsWith("destroy"));

test("what a removal that was cut short left behind goes with the next one, though a look finds nothing", async () => {
  const bench = createBench();
  await bench.up(first);
  leaveRemains(bench, "two");
  expect((await bench.plan(both, { destroy: true, prune: true })).orphans).toEqual([
    { ref: { type: "test/thing", version: 1, id: "two" }, step: "two", prune: true },
  ]);
  expect((await bench.destroy(both)).outcome).toBe("done");
  expect(destructions(bench)).toEqual(["destroy one", "destroy two"]);
  expect(bench.cloud.remains.size).toBe(0);
  expect((await bench.destroy(both)).outcome).toBe("done");
  expect(destructions(bench)).toHaveLength(2);
});

test("removing such remains is tried again while the failure passes", async () => {
  const bench = createBench();
  leaveRemains(bench, "two");
  const plan = await prepare(bench.world, bench.request(both), {
    command: "destroy",
    join: true,
    prune: true,
  });
  bench.cloud.calls.length = 0;
  const { destroy: remove, ...step } = await bench.request(both).load("test/thing");
  let refusals = 1;
  const load = async () => ({
    ...step,
    destroy: async (...parameters: Parameters<typeof remove>) => {
      if (refusals-- > 0) throw passing("busy");
      await remove(...parameters);
    },
  });
  expect((await destroy(bench.world, { ...bench.request(both), load }, plan)).outcome).toBe("done");
  expect(bench.cloud.calls).toEqual(["observe two", "observe two", "destroy two"]);
});

test("remains of a step that is gone from the pipeline are an orphan, which prune removes", async () => {
  const bench = createBench();
  await bench.up(first);
  leaveRemains(bench, "two");
  expect((await bench.plan(first)).orphans).toMatchObject([{ step: "two", prune: false }]);
  expect((await bench.up(first, { prune: true })).outcome).toBe("done");
  expect(destructions(bench)).toEqual(["destroy two"]);
  expect(bench.cloud.remains.size).toBe(0);
  expect((await bench.plan(first)).orphans).toEqual([]);
});

test("remains of a step that is to be made again, or that is protected, stay", async () => {
  const bench = createBench();
  leaveRemains(bench, "one");
  expect((await bench.plan(first, { prune: true })).orphans).toEqual([]);
  const protectedOne = first.replace("one: { uses: test/thing,", "one: { uses: test/thing, protect: true,");
  expect((await bench.destroy(protectedOne)).outcome).toBe("done");
  expect(destructions(bench)).toEqual([]);
  expect(bench.cloud.remains.size).toBe(1);
});

const inOne: Ref = { type: clusterRefType, version: 1, id: "one" };

test("an orphan in a cluster that goes goes with it", async () => {
  const bench = createBench();
  await bench.up(first);
  leaveRemains(bench, "inner", inOne);
  bench.cloud.calls.length = 0;
  expect((await bench.destroy(first)).outcome).toBe("done");
  expect(bench.cloud.calls).toEqual(["observe one", "observe one", "destroy one"]);
});

test("an orphan with effects elsewhere goes before its cluster, which stays when that fails", async () => {
  const bench = createBench();
  await bench.up(first);
  leaveRemains(bench, "inner", inOne);
  const request = bench.request(first);
  const step = await request.load("test/thing");
  const destroyBy = async (remove: typeof step.destroy): Promise<string> => {
    const prepared = await prepare(bench.world, request, { command: "destroy", join: true, prune: true });
    const load = async () => ({ ...step, outlivesParent: true, destroy: remove });
    return (await destroy(bench.world, { ...request, load }, prepared)).outcome;
  };
  const refused = new Failure({ kind: "forbidden", code: "Test", message: "no" });
  expect(await destroyBy(() => Promise.reject(refused))).toBe("failed");
  expect(bench.cloud.things.has("one")).toBe(true);
  expect(await destroyBy(step.destroy)).toBe("done");
  expect(destructions(bench)).toEqual(["destroy inner", "destroy one"]);
});
