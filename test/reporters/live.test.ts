import { expect, test } from "vitest";
import { createLiveReporter } from "../../src/reporters/live.ts";
import type { Event } from "../../src/run/event.ts";
import { steppedClock } from "../fakes/stepped-clock.ts";
import { memorySink, plainStyle } from "./memory-sink.ts";
import { announced, at, failure } from "./samples.ts";

const watched = (columns = 80) => {
  const clock = steppedClock();
  const sink = memorySink(columns);
  const reporter = createLiveReporter(sink, plainStyle(columns), clock);
  return { clock, sink, reporter, tell: (event: Event) => reporter.event(at(clock.now(), event)) };
};

test("looking is one line, gone when it is done", () => {
  const { tell, sink, reporter } = watched();
  tell({ kind: "observing", steps: 6 });
  tell({ kind: "observed", step: "group", state: "present" });
  expect(sink.screen()).toBe("looking at what is there: 1 of 6\n");
  reporter.close();
  expect(sink.screen()).toBe("");
});

test("what preflight finds stays on the screen, folded to its width", () => {
  const { tell, sink, reporter } = watched(60);
  tell({ kind: "observing", steps: 6 });
  reporter.close();
  const rest = { severity: "blocker", message: "helm is 3.9.4, and 3.13.0 or later is needed" } as const;
  tell({ kind: "finding", code: "P0652", steps: ["nginx", "dns"], hint: "install Helm 4", ...rest });
  tell({ kind: "finding", code: "P0640", severity: "ok", steps: ["dns"], message: "zone is active" });
  reporter.close();
  expect(sink.screen()).toMatchInlineSnapshot(`
    "✗ P0652  nginx, dns: helm is 3.9.4, and 3.13.0 or later is
             needed
             install Helm 4
    "
  `);
});

test("a run: what happened stays, what happens is drawn in place with its time and what waits for it", async () => {
  const { tell, sink, clock, reporter } = watched();
  tell({ kind: "run-started", command: "up", steps: announced });
  tell({ kind: "step-started", step: "group", action: "none" });
  await clock.advance(300);
  tell({ kind: "step-done", step: "group", action: "none", took: 300 });
  tell({ kind: "step-started", step: "ip", action: "update" });
  tell({ kind: "step-started", step: "identity", action: "create" });
  await clock.advance(4000);
  expect(sink.screen()).toMatchInlineSnapshot(`
    "✓ group     0.3s
    ● ip            4s  updating
    ● identity      4s  creating
    ○ grant     waits for identity
    ○ cluster   waits for identity, grant
    ○ nginx     waits for cluster, ip
    1 of 6 steps, 4s
    "
  `);
  tell({ kind: "step-done", step: "ip", action: "update", detail: "52.0.0.1", took: 5000 });
  tell({ kind: "step-done", step: "identity", action: "create", took: 5200 });
  tell({ kind: "step-started", step: "grant", action: "create" });
  const replicating = { ...failure, kind: "replicating", message: "PrincipalNotFound" } as const;
  tell({ kind: "retrying", step: "grant", delay: 15_000, failure: replicating });
  await clock.advance(5000);
  expect(sink.screen()).toContain("● grant         5s  again in 10s: PrincipalNotFound");
  tell({ kind: "step-done", step: "grant", action: "create", took: 22_000 });
  tell({ kind: "step-started", step: "cluster", action: "update" });
  tell({
    kind: "operation",
    step: "cluster",
    operation: "Upgrading",
    joined: true,
    since: clock.now() - 360_000,
  });
  await clock.advance(245_000);
  expect(sink.screen()).toMatchInlineSnapshot(`
    "✓ group     0.3s
    ✓ ip        52.0.0.1, 5s
    ✓ identity  5s
    ✓ grant     22s
    ● cluster   4m 05s  Upgrading (joined, 10m 05s so far)
    ○ nginx     waits for cluster
    4 of 6 steps, 4m 14s
    "
  `);
  tell({ kind: "step-failed", step: "cluster", failure, took: 250_000 });
  tell({ kind: "step-skipped", step: "nginx", because: "cluster failed" });
  tell({
    kind: "run-ended",
    outcome: "failed",
    done: [],
    failed: ["cluster"],
    notDone: ["nginx"],
    took: 1,
    outputs: {},
  });
  reporter.close();
  expect(sink.screen()).toMatchInlineSnapshot(`
    "✓ group     0.3s
    ✓ ip        52.0.0.1, 5s
    ✓ identity  5s
    ✓ grant     22s
    ✗ cluster   the Service nginx/controller has no address
    – nginx     not begun (cluster failed)
    "
  `);
});

test("a stop by a person is said until the end", async () => {
  const { tell, sink } = watched();
  tell({ kind: "run-started", command: "up", steps: announced });
  tell({ kind: "step-started", step: "group", action: "create" });
  tell({ kind: "cancelling", running: ["group"] });
  expect(sink.screen()).toContain("0 of 6 steps, 0.0s; finishing what runs");
});

test("closed, nothing is drawn any more; told again, it is", async () => {
  const { tell, sink, clock, reporter } = watched();
  tell({ kind: "observing", steps: 1 });
  reporter.close();
  const { length } = sink.written;
  await clock.advance(10_000);
  expect(sink.written).toHaveLength(length);
  tell({ kind: "run-started", command: "destroy", steps: announced });
  expect(sink.screen()).toContain("0 of 6 steps");
});

test("the frame stays small and no line wraps, however many steps run", () => {
  const { tell, sink } = watched(40);
  const many = Array.from({ length: 60 }, (_, index) => ({
    id: `step-${index}`,
    type: "t/u",
    action: "create" as const,
    after: [],
  }));
  tell({ kind: "run-started", command: "up", steps: many });
  for (const { id } of many.slice(0, 30)) tell({ kind: "step-started", step: id, action: "create" });
  tell({
    kind: "waiting",
    step: "step-0",
    reason: "a very long reason that does not fit into the line\nat all",
  });
  const lines = sink.screen().trimEnd().split("\n");
  expect(lines).toHaveLength(19);
  expect(lines).toContain("  and 18 more running");
  expect(lines).toContain("  and 26 more waiting");
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(40);
});
