/** A lost hold stops every write that follows, and says whether another run took it or the cluster fell silent. */
import { expect, test } from "vitest";
import type { Event } from "../../src/run/event.ts";
import { createHolds } from "../../src/run/holds.ts";
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
  lost.abort();
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
