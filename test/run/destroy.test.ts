import { expect, test } from "vitest";
import { createBench } from "../fakes/bench.ts";

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
