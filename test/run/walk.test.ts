import { expect, test } from "vitest";
import { buildGraph } from "../../src/graph/graph.ts";
import { type Visit, walk } from "../../src/run/walk.ts";

const graph = buildGraph(
  new Map([
    ["a", []],
    ["b", ["a"]],
    ["c", ["b"]],
    ["x", []],
    ["y", ["x"]],
  ]),
);
const options = { concurrency: 10, stopped: () => false };

/** Visits that end when the test says so. */
const gate = () => {
  const ends = new Map<string, (visit: Visit) => void>();
  const begun: string[] = [];
  return {
    begun,
    visit: (id: string) =>
      new Promise<Visit>((resolve) => {
        begun.push(id);
        ends.set(id, resolve);
      }),
    end: async (id: string, visit: Visit = "done") => {
      ends.get(id)?.(visit);
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
};

test("a step begins as soon as what it needs has ended, whatever else still runs", async () => {
  const { begun, visit, end } = gate();
  const walking = walk(graph, visit, options);
  expect(begun).toEqual(["a", "x"]);
  await end("a");
  expect(begun).toEqual(["a", "x", "b"]);
  for (const id of ["x", "b", "y", "c"]) await end(id);
  expect(await walking).toEqual([]);
});

test("a failure begins no other step, and waits for those that run", async () => {
  const { begun, visit, end } = gate();
  const walking = walk(graph, visit, options);
  await end("a", "stop-all");
  await end("x");
  expect(await walking).toEqual(["b", "y", "c"]);
  expect(begun).toEqual(["a", "x"]);
});

test("a step that waits for a person leaves out only what depends on it", async () => {
  const { visit, end } = gate();
  const walking = walk(graph, visit, options);
  await end("a", "stop-dependents");
  await end("x");
  await end("y");
  expect(await walking).toEqual(["b", "c"]);
});

test("no more steps run at a time than allowed", async () => {
  const { begun, visit, end } = gate();
  const walking = walk(graph, visit, { ...options, concurrency: 1 });
  expect(begun).toEqual(["a"]);
  await end("a");
  expect(begun).toEqual(["a", "x"]);
  for (const id of ["x", "b", "y", "c"]) await end(id);
  expect(await walking).toEqual([]);
});

test("after a stop nothing begins", async () => {
  const { begun, visit, end } = gate();
  let stopped = false;
  const walking = walk(graph, visit, { concurrency: 10, stopped: () => stopped });
  stopped = true;
  await end("a");
  await end("x");
  expect(await walking).toEqual(["b", "y", "c"]);
  expect(begun).toEqual(["a", "x"]);
});
