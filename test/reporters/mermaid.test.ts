import fc from "fast-check";
import { expect, test } from "vitest";
import { renderGraph, renderTree } from "../../src/reporters/mermaid.ts";
import { type DrawnStep, levels, reduced } from "../../src/reporters/reduction.ts";
import { plainStyle } from "./memory-sink.ts";
import { announced } from "./samples.ts";

test("the diagram has an arrow for each wait that no other says", () => {
  expect(renderGraph(announced)).toMatchInlineSnapshot(`
    "flowchart TD
      s1["group<br/><small>azure/resource-group</small>"]
      s2["ip<br/><small>azure/public-ip</small>"]
      s3["identity<br/><small>azure/managed-identity</small>"]
      s4["grant<br/><small>azure/role-assignment</small>"]
      s5["cluster<br/><small>azure/aks-cluster</small>"]
      s6["nginx<br/><small>ingress/nginx</small>"]
      s1 --> s2
      s1 --> s3
      s3 --> s4
      s4 --> s5
      s5 --> s6
      s2 --> s6
    "
  `);
});

test("as text, steps of one number run at the same time", () => {
  expect(renderTree(announced, plainStyle())).toMatchInlineSnapshot(`
    "1  group     azure/resource-group
    2  ip        azure/public-ip         after group
       identity  azure/managed-identity  after group
    3  grant     azure/role-assignment   after identity
    4  cluster   azure/aks-cluster       after grant
    5  nginx     ingress/nginx           after cluster, ip
    "
  `);
});

test("what Mermaid takes for its own is written as entities", () => {
  const graph = renderGraph([{ id: "end", type: 'a"]<b>{c}|#`', after: [] }]);
  expect(graph).toBe(
    'flowchart TD\n  s1["end<br/><small>a#34;#93;#60;b#62;#123;c#125;#124;#35;#96;</small>"]\n',
  );
});

/** Steps in the order of a graph: each waits only for earlier ones. */
const graphs = fc
  .integer({ min: 0, max: 12 })
  .chain((size) =>
    fc
      .tuple(
        ...Array.from({ length: size }, (_, index) =>
          fc.subarray(Array.from({ length: index }, (_, at) => `s${at}`)),
        ),
      )
      .map((waits) => waits.map((after, index): DrawnStep => ({ id: `s${index}`, type: "t", after }))),
  );

const reach = (steps: readonly DrawnStep[]): ReadonlyMap<string, ReadonlySet<string>> => {
  const found = new Map<string, ReadonlySet<string>>();
  for (const { id, after } of steps)
    found.set(id, new Set(after.flatMap((other) => [other, ...(found.get(other) ?? [])])));
  return found;
};

test("leaving arrows out loses no wait, and no level holds two that wait for each other", () => {
  fc.assert(
    fc.property(graphs, (steps) => {
      const short = reduced(steps);
      expect(reach(short)).toEqual(reach(steps));
      const all = reach(steps);
      for (const level of levels(short)) {
        for (const a of level) for (const b of level) expect(all.get(a.id)?.has(b.id)).toBe(false);
      }
    }),
  );
});
