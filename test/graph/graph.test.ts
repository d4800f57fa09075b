import fc from "fast-check";
import { expect, test } from "vitest";
import { buildGraph, criticalPath, reverse } from "../../src/graph/graph.ts";

const edges = (of: Record<string, string[]>) => new Map(Object.entries(of));

test("a step comes after all that it depends on, ties in the order of the file", () => {
  const graph = buildGraph(edges({ nginx: ["cluster", "ip"], ip: ["group"], cluster: ["group"], group: [] }));
  expect(graph.order).toEqual(["group", "ip", "cluster", "nginx"]);
});

test("an edge to a step that is not there is dropped", () => {
  expect(buildGraph(edges({ a: ["gone"] })).dependencies.get("a")).toEqual([]);
});

test("destruction goes the other way round", () => {
  const graph = reverse(buildGraph(edges({ a: [], b: ["a"] })));
  expect(graph.order).toEqual(["b", "a"]);
  expect(graph.dependencies.get("a")).toEqual(["b"]);
});

test("the critical path is the longest by duration, not by steps", () => {
  const graph = buildGraph(edges({ a: [], b: ["a"], c: ["b"], slow: ["a"], end: ["c", "slow"] }));
  const durations = new Map([
    ["a", 1],
    ["b", 1],
    ["c", 1],
    ["slow", 10],
    ["end", 1],
  ]);
  expect(criticalPath(graph, durations)).toEqual({ length: 12, steps: ["a", "slow", "end"] });
});

test("no random graph breaks the order", () => {
  const graphs = fc.array(fc.array(fc.nat(), { maxLength: 4 }), { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(graphs, (rows) => {
      const of = new Map(
        rows.map((row, index) => [`s${index}`, index === 0 ? [] : row.map((to) => `s${to % index}`)]),
      );
      const graph = buildGraph(of);
      const position = new Map(graph.order.map((id, at) => [id, at]));
      expect(graph.order).toHaveLength(rows.length);
      for (const [id, wanted] of of) {
        for (const dependency of wanted)
          expect(position.get(dependency)).toBeLessThan(position.get(id) ?? -1);
      }
    }),
    { numRuns: 2_000 },
  );
});
