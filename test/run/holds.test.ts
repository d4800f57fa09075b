/** A lost hold stops every write that follows, and says whether another run took it or the cluster fell silent. */
import { expect, test } from "vitest";
import type { Event } from "../../src/run/event.ts";
import { createHolds } from "../../src/run/holds.ts";
import { prepare } from "../../src/run/prepare.ts";
import { up } from "../../src/run/up.ts";
import type { Loss } from "../../src/run/world.ts";
import { clusterRefType } from "../../src/step/handle.ts";
import type { Ref } from "../../src/step/ref.ts";
import { createBench } from "../fakes/bench.ts";

const cluster: Ref = { type: clusterRefType, version: 1, id: "clu-demo" };
const inside: Ref = { type: "kubernetes/object", version: 1, id: "v1/Namespace/a", within: cluster };

const losing = (loss: Loss) => {
  const { world } = createBench();
  const lost = new AbortController();
  const events: Event[] = [];
  const holds = createHolds(
    {
      ...world,
      emit: (event) => events.push(event),
      hold: async () => ({
        lost: lost.signal,
        loss: () => (lost.signal.aborted ? loss : undefined),
        release: async () => {},
      }),
    },
    [],
  );
  return { holds, lost, events };
};

test.each<[Loss, string]>([
  ["taken", "P0521"],
  ["unrenewed", "P0523"],
])("a hold that is lost (%s) stops the next write with %s", async (loss, code) => {
  const { holds, lost, events } = losing(loss);
  await holds.fence(inside);
  expect(holds.lost.aborted).toBe(false);
  lost.abort();
  expect(holds.lost.reason).toMatchObject({ kind: "conflict", code });
  await expect(holds.fence(inside)).rejects.toMatchObject({ kind: "conflict", code, resource: "clu-demo" });
  expect(events).toEqual([
    { kind: "lease", cluster: "clu-demo", state: "held" },
    { kind: "lease", cluster: "clu-demo", state: loss },
  ]);
});

test("a write outside of every cluster needs no hold", async () => {
  const { holds, events } = losing("taken");
  await holds.fence({ type: "azure/resource-group", version: 1, id: "rg" });
  expect(events).toEqual([]);
});

const one = `
name: waits
steps:
  one: { uses: test/thing, with: { name: one } }
`;

type Bench = ReturnType<typeof createBench>;

/** A run that has planned, and for whose Lease `meanwhile` goes by. */
const waitingRun = async (bench: Bench, text: string, meanwhile: () => Promise<unknown>) => {
  const request = bench.request(text);
  const prepared = await prepare(bench.world, request, { command: "up", join: true, prune: false });
  const hold: Bench["world"]["hold"] = async (_cluster, waiting) => {
    waiting("another run");
    await meanwhile();
    bench.cloud.calls.length = 0;
    return { lost: new AbortController().signal, loss: () => undefined, release: async () => {} };
  };
  return up({ ...bench.world, hold }, request, { ...prepared, clusters: [cluster] });
};

test("what another run did while its Lease was waited for is looked at, and not done again", async () => {
  const bench = createBench();
  const result = await waitingRun(bench, one, () => bench.up(one));
  expect(result.outcome).toBe("done");
  expect(bench.cloud.calls).toEqual(["observe one", "verify one"]);
  expect(bench.events).toContainEqual(
    expect.objectContaining({ kind: "step-done", step: "one", action: "none" }),
  );
});

test("what another run removed while its Lease was waited for is made again, planned or not", async () => {
  const bench = createBench();
  const both = `${one}  two: { uses: test/thing, with: { name: two } }\n`;
  await bench.up(both);
  const changed = both.replace("name: two }", "name: two, label: new }");
  const result = await waitingRun(bench, changed, () => bench.destroy(both));
  expect(result).toMatchObject({ outcome: "done", done: ["one", "two"] });
  expect([...bench.cloud.things.keys()]).toEqual(["one", "two"]);
});

test("what another run made in another way while its Lease was waited for is not replaced unseen", async () => {
  const bench = createBench();
  const replacing = one.replace("uses: test/thing,", "uses: test/thing, replace: allowed,");
  const bigger = replacing.replace("name: one }", "name: one, size: 2 }");
  const result = await waitingRun(bench, replacing, () => bench.up(bigger));
  expect(result.failures[0]?.failure).toMatchObject({ kind: "conflict", code: "P0542" });
  expect(bench.cloud.things.get("one")?.size).toBe(2);
});
