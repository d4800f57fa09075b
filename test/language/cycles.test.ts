import { expect, test } from "vitest";
import { findCycles } from "../../src/language/cycles.ts";

const at = (line: number) => ({
  file: "x.yaml",
  start: { line, column: 1 },
  end: { line, column: 2 },
});

const graph = (needs: Record<string, readonly string[]>) =>
  new Map(
    Object.entries(needs).map(([step, needed], line) => [
      step,
      new Map(needed.map((name) => [name, [at(line + 1), at(line + 101)]])),
    ]),
  );

test("no circle, no finding, however steps share what they need", () => {
  expect(findCycles(graph({ a: [], b: ["a"], c: ["a", "b"], d: ["b", "c", "missing"] }))).toEqual([]);
});

test("a circle has its steps in order and the first place of each edge", () => {
  const [cycle, ...others] = findCycles(graph({ start: ["b"], a: ["b"], b: ["c"], c: ["a"], end: ["c"] }));
  expect(others).toEqual([]);
  expect(cycle?.steps).toEqual(["b", "c", "a"]);
  expect(cycle?.edges.map(({ location }) => location.start.line)).toEqual([3, 4, 2]);
});

test("circles apart from each other are all found", () => {
  const cycles = findCycles(graph({ a: ["b"], b: ["a"], c: ["c"], d: ["e"], e: ["f"], f: ["d", "a"] }));
  expect(cycles.map(({ steps }) => steps.toSorted())).toEqual([["a", "b"], ["c"], ["d", "e", "f"]]);
});

test("a chain of ten thousand needs no recursion", () => {
  const needs = Object.fromEntries(
    Array.from({ length: 10_000 }, (_, index) => [`s${index}`, index === 0 ? ["s9999"] : [`s${index - 1}`]]),
  );
  expect(findCycles(graph(needs))[0]?.steps).toHaveLength(10_000);
});
