import { expect, test } from "vitest";
import { noTally, renderResultMarkdown, tally } from "../../src/reporters/result-markdown.ts";
import type { Event } from "../../src/run/event.ts";
import { announced, at, failure } from "./samples.ts";

const tallyOf = (...events: readonly Event[]) =>
  events.reduce((so, event, index) => tally(so, at(index * 1_000, event)), noTally);

const started: Event = { kind: "run-started", command: "up", steps: announced };
const ended = (outcome: "done" | "failed" | "cancelled"): Event => ({
  kind: "run-ended",
  outcome,
  done: [],
  failed: [],
  notDone: [],
  took: 252_000,
  outputs: { address: { kind: "value", value: "52.0.0.1" }, key: { kind: "secret" } },
});

test("a run that went well: each step with its time, and the outputs", () => {
  const done = announced.map(
    ({ id, action }): Event => ({ kind: "step-done", step: id, action, took: 3_000, detail: "works" }),
  );
  expect(renderResultMarkdown(tallyOf(started, ...done, ended("done")))).toMatchInlineSnapshot(`
    "### 6 steps verified in 4m 12s

    |  | Step |  | Took |  |
    | --- | --- | --- | --- | --- |
    | ✅ | \`group\` |  | 3s | works |
    | ✅ | \`ip\` | update | 3s | works |
    | ✅ | \`identity\` | create | 3s | works |
    | ✅ | \`grant\` | create | 3s | works |
    | ✅ | \`cluster\` | update | 3s | works |
    | ✅ | \`nginx\` | create or update | 3s | works |

    | Output | Value |
    | --- | --- |
    | \`address\` | \`52.0.0.1\` |
    | \`key\` | (secret) |
    "
  `);
});

test("a run that failed: what, why, the evidence folded, what was done, and what to do next", () => {
  const text = renderResultMarkdown(
    tallyOf(
      started,
      { kind: "step-done", step: "group", action: "none", took: 500 },
      { kind: "step-failed", step: "nginx", failure, took: 2_000 },
      { kind: "step-skipped", step: "grant", because: "nginx" },
      ended("failed"),
    ),
    "Run the job again.",
  );
  expect(text).toContain("### Failed after 4m 12s: 1 of 6 steps done");
  expect(text).toContain("**P0540** `nginx`: the Service nginx/controller has no address");
  expect(text).toContain("<details><summary>Evidence</summary>\n\n```\nSyncLoadBalancerFailed");
  expect(text).toContain("| ⏸️ | `grant` | create |  | not begun (nginx) |");
  expect(text.trimEnd().endsWith("Run the job again.")).toBe(true);
});

test("a second run of the same job begins a tally of its own", () => {
  const first = tallyOf(started, { kind: "step-failed", step: "nginx", failure, took: 1 });
  expect([...tally(first, at(9, started)).steps.values()].some((step) => step.failure)).toBe(false);
});

test("texts of others bring neither markup nor people", () => {
  const hostile = {
    ...failure,
    message: "</table> @octocat | <img src=x>\n## hello",
    evidence: ["```\n# x"],
  };
  const text = renderResultMarkdown(
    tallyOf(started, { kind: "step-failed", step: "nginx", failure: hostile, took: 1 }, ended("failed")),
  );
  expect(text).not.toMatch(/<\/table>|<img|^## hello|[^`]@octocat/m);
  expect(text).toContain("````\n```\n# x\n````");
});
