import { expect, test } from "vitest";
import { createJobLog } from "../../src/reporters/job-log.ts";
import type { Event } from "../../src/run/event.ts";
import { steppedClock } from "../fakes/stepped-clock.ts";
import { plainStyle } from "./memory-sink.ts";
import { announced, at, failure } from "./samples.ts";
import { spokenDialect } from "./spoken-dialect.ts";

const openLog = () => {
  const clock = steppedClock();
  const written: string[] = [];
  const log = createJobLog({
    write: (text) => {
      written.push(text);
    },
    dialect: spokenDialect,
    style: plainStyle(120),
    clock,
    placeOf: (step) =>
      step === "nginx" ? { file: "deploy/provision.yaml", line: 42, column: 3 } : undefined,
  });
  const tell = (event: Event) => log.event(at(clock.now(), event));
  return { clock, log, tell, text: () => written.join("") };
};

const started: Event = { kind: "run-started", command: "up", steps: announced };

test("what runs at the same time never ends up in one group: each step's words stand together when it ends", async () => {
  const { clock, log, tell, text } = openLog();
  tell(started);
  tell({ kind: "step-started", step: "cluster", action: "create" });
  tell({ kind: "step-started", step: "ip", action: "create" });
  tell({ kind: "operation", step: "cluster", operation: "Creating", joined: false });
  tell({ kind: "waiting", step: "ip", reason: "the address is being made" });
  tell({ kind: "waiting", step: "ip", reason: "the address is being made" });
  await clock.advance(5_000);
  tell({ kind: "step-done", step: "ip", action: "create", detail: "52.0.0.1", took: 5_000 });
  await clock.advance(5_000);
  tell({ kind: "step-done", step: "cluster", action: "create", took: 10_000 });
  log.close();
  expect(text()).toMatchInlineSnapshot(`
    "● cluster   create
    ● ip        create
    > ✓ ip        52.0.0.1, 5s
    ○ ip        the address is being made
    <
    > ✓ cluster   10s
    ○ cluster   Creating
    <
    "
  `);
});

test("a step that said nothing on its way makes no group", () => {
  const { log, tell, text } = openLog();
  tell(started);
  tell({ kind: "step-started", step: "group", action: "none" });
  tell({ kind: "step-done", step: "group", action: "none", detail: "as wanted", took: 100 });
  log.close();
  expect(text()).toBe("✓ group     as wanted, 0.1s\n");
});

test("a failure is whole in the log, and marked at its step in the file, with what to do", () => {
  const { log, tell, text } = openLog();
  tell(started);
  tell({ kind: "step-started", step: "nginx", action: "create" });
  tell({ kind: "step-failed", step: "nginx", failure, took: 2_000 });
  tell({ kind: "step-skipped", step: "grant", because: "nginx" });
  log.close();
  expect(text()).toMatchInlineSnapshot(`
    "● nginx     create
    ✗ nginx     the Service nginx/controller has no address
    error[P0540] nginx: the Service nginx/controller has no address
      request id  7c1f0d4e-1b7a-4d2c-9f5e-0a6b3c8d9e10
      evidence    SyncLoadBalancerFailed: AuthorizationFailed on publicIPAddresses/join/action
                  EnsuringLoadBalancer: Ensuring load balancer
      hint        grant the cluster's identity the role Network Contributor on rg-demo, then run the same command again
    error: P0540 nginx: the Service nginx/controller has no address / Hint: grant the cluster's identity the role Network Contributor on rg-demo, then run the same command again at deploy/provision.yaml:42
    – grant     not begun (nginx)
    "
  `);
});

test("a warning and a finding are marked, too; a finding that is well is not worth a line", () => {
  const { log, tell, text } = openLog();
  tell({ kind: "finding", code: "P0601", severity: "ok", steps: ["cluster"], message: "quota is enough" });
  tell({
    kind: "finding",
    code: "P0602",
    severity: "blocker",
    steps: ["nginx"],
    message: "no Helm",
    hint: "install it",
  });
  tell({ kind: "warning", step: "nginx", code: "P0530", message: "the cluster does not answer" });
  log.close();
  const lines = text().split("\n");
  expect(lines.filter((line) => line.startsWith("error:"))).toEqual([
    "error: P0602: no Helm / Hint: install it at deploy/provision.yaml:42",
  ]);
  expect(lines.filter((line) => line.startsWith("warning:"))).toEqual([
    "warning: P0530: the cluster does not answer at deploy/provision.yaml:42",
  ]);
  expect(text()).not.toContain("quota");
});

test("a long silence is broken every half minute by what is waited for, and ends with the run", async () => {
  const { clock, log, tell, text } = openLog();
  tell(started);
  tell({ kind: "step-started", step: "cluster", action: "create" });
  tell({ kind: "operation", step: "cluster", operation: "Creating", joined: false });
  await clock.advance(95_000);
  const beats = () =>
    text()
      .split("\n")
      .filter((line) => line.includes("…")).length;
  expect(text()).toContain("… cluster      30s  Creating");
  expect(beats()).toBe(3);
  log.close();
  await clock.advance(95_000);
  expect(beats()).toBe(3);
});
