/** A search for orphans that can't be made is told, unless it is for a login that the pipeline has no use for. */
import { expect, test } from "vitest";
import type { Event } from "../../src/run/event.ts";
import { createHolds } from "../../src/run/holds.ts";
import { findOrphans } from "../../src/run/orphans.ts";
import { Failure, type FailureKind } from "../../src/step/failure.ts";
import { createBench } from "../fakes/bench.ts";

const search = async (kind: FailureKind, families: readonly string[]): Promise<readonly Event[]> => {
  const { world } = createBench();
  const events: Event[] = [];
  const refused = async () => {
    throw new Failure({ kind, code: "P0401", message: "no" });
  };
  const found = await findOrphans(
    {
      ...world,
      emit: (event) => events.push(event),
      families: async () => [{ name: "arm", discover: refused }],
    },
    createHolds(world, []),
    {
      scope: { pipeline: "p", instance: "i" },
      clusters: [],
      located: [],
      prune: false,
      families: new Set(families),
    },
  );
  expect(found).toEqual([]);
  return events;
};

test("without a login, nothing is said of a family that no step is of", async () => {
  expect(await search("unauthenticated", ["kubernetes"])).toEqual([]);
});

test.each<[FailureKind, readonly string[]]>([
  ["unauthenticated", ["arm"]],
  ["forbidden", ["kubernetes"]],
])("otherwise it is a warning: %s, with steps of %s", async (kind, families) => {
  expect(await search(kind, families)).toMatchObject([{ kind: "warning", code: "P0530" }]);
});
