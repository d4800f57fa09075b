import { expect, test } from "vitest";
import { createJsonReporter } from "../../src/reporters/json-lines.ts";
import { createPlainReporter } from "../../src/reporters/plain.ts";
import type { Event } from "../../src/run/event.ts";
import { memorySink, plainStyle } from "./memory-sink.ts";
import { announced, at, failure, plan } from "./samples.ts";

const cluster =
  "/subscriptions/s/resourceGroups/rg/providers/Microsoft.ContainerService/managedClusters/clu-demo#admin";

/** Every kind of event once, and some twice. */
const events: readonly Event[] = [
  { kind: "observing", steps: 6 },
  { kind: "observed", step: "group", state: "present" },
  { kind: "planned", plan: plan() },
  {
    kind: "finding",
    code: "P0615",
    severity: "blocker",
    steps: ["cluster", "pool"],
    message: "8 more vCPUs in westeurope, 4 are left of 100",
    hint: "ask for more",
  },
  { kind: "finding", code: "P0644", severity: "warning", steps: ["www"], message: "nobody tells" },
  { kind: "finding", code: "P0650", severity: "ok", steps: ["nginx"], message: "helm 4.2.3 is here" },
  { kind: "run-started", command: "up", steps: announced },
  { kind: "step-started", step: "group", action: "none" },
  { kind: "verifying", step: "group" },
  { kind: "step-done", step: "group", action: "none", took: 300 },
  { kind: "step-started", step: "cluster", action: "update" },
  { kind: "operation", step: "cluster", operation: "Upgrading", joined: true, since: -360_000 },
  { kind: "lease", cluster, state: "waiting", holder: "runner-7" },
  { kind: "lease", cluster, state: "held" },
  { kind: "waiting", step: "cluster", reason: "the node pool to be ready" },
  {
    kind: "retrying",
    step: "cluster",
    delay: 15_000,
    failure: { ...failure, message: "429 Too Many Requests" },
  },
  { kind: "notice", message: "chart mirror has ingress-nginx 4.15.0, pinned is 4.15.1" },
  {
    kind: "warning",
    step: "nginx",
    code: "P0460",
    message: "ingress-nginx is retired",
    hint: "use ingress/traefik",
  },
  { kind: "step-done", step: "cluster", action: "update", detail: "clu-demo 1.35.4", took: 485_000 },
  { kind: "step-done", step: "flux", action: "create", detail: "not there", verified: false, took: 0 },
  { kind: "cancelling", running: ["nginx"] },
  { kind: "step-failed", step: "nginx", failure, took: 1200 },
  { kind: "step-skipped", step: "flux", because: "nginx failed" },
  { kind: "lease", cluster, state: "taken" },
  { kind: "lease", cluster, state: "unrenewed" },
  { kind: "lease", cluster, state: "released" },
  {
    kind: "run-ended",
    outcome: "failed",
    done: ["group"],
    failed: ["nginx"],
    notDone: ["flux"],
    took: 1,
    outputs: {},
  },
];

test("plain lines are aligned, one for each thing worth a line", () => {
  const sink = memorySink();
  const reporter = createPlainReporter(sink, plainStyle());
  for (const event of events) reporter.event(at(0, event));
  reporter.close();
  expect(sink.written.join("")).toMatchInlineSnapshot(`
    "looking at 6 steps
    ✗ P0615  cluster, pool: 8 more vCPUs in westeurope, 4 are left of 100
             ask for more
    ! P0644  www: nobody tells
    ✓ group     0.3s
    ● cluster   update
    ○ cluster   Upgrading (joined, 6m 00s so far)
    ○ waiting for another run on clu-demo (runner-7)
    ○ cluster   the node pool to be ready
    ○ cluster   429 Too Many Requests; again in 15s
    note chart mirror has ingress-nginx 4.15.0, pinned is 4.15.1
    warning[P0460] nginx: ingress-nginx is retired
      hint  use ingress/traefik
    ✓ cluster   clu-demo 1.35.4, 8m 05s
    – flux      not there, 0.0s
    Finishing what runs; nothing new begins. Ctrl-C again ends at once: the next run goes on from there.
    ✗ nginx     the Service nginx/controller has no address
    – flux      not begun (nginx failed)
    ✗ the Lease of clu-demo was lost to another run
    ✗ the Lease of clu-demo could not be renewed: its API did not answer in time
    "
  `);
});

test("JSON lines are the events as they are, each with its version and time", () => {
  const sink = memorySink();
  const reporter = createJsonReporter(sink);
  for (const event of events) reporter.event(at(7, event));
  const lines = sink.written.join("").trimEnd().split("\n");
  expect(lines.map((line): unknown => JSON.parse(line))).toEqual(
    events.map((event) => ({ version: 1, at: 7, ...event })),
  );
});

test("what a service says can't move the terminal", () => {
  const sink = memorySink();
  const reporter = createPlainReporter(sink, plainStyle());
  const hostile = "gone\u001b[2J\u001b]0;title\u0007\rover\u0008";
  reporter.event(
    at(0, { kind: "step-failed", step: "s", failure: { ...failure, message: hostile }, took: 0 }),
  );
  reporter.event(at(0, { kind: "notice", message: hostile }));
  reporter.event(at(0, { kind: "waiting", step: "s", reason: hostile }));
  expect(sink.written.join("").replaceAll("\n", "")).not.toMatch(/\p{Cc}/u);
});
