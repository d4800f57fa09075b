import { expect, test } from "vitest";
import { Failure } from "../../src/step/failure.ts";
import { createBench } from "../fakes/bench.ts";
import { passing } from "../fakes/things.ts";

const chain = `
name: chain
steps:
  one: { uses: test/thing, with: { name: one } }
  two: { uses: test/thing, with: { name: two, label: "\${{ steps.one.outputs.address }}" } }
outputs: { address: "\${{ steps.two.outputs.address }}" }
`;

const actions = (plan: { steps: readonly { id: string; action: string }[] }) =>
  plan.steps.map(({ id, action }) => `${id} ${action}`);

test("from nothing: what is known, what is known after which step, and then exactly that happens", async () => {
  const bench = createBench();
  const plan = await bench.plan(chain);
  expect(actions(plan)).toEqual(["one create", "two create"]);
  expect(plan.steps[1]?.changes.find(({ path }) => path === "label")?.after).toEqual({
    kind: "unknown",
    after: ["one"],
  });
  expect(plan.outputs.address).toEqual({ kind: "unknown", after: ["two"] });

  const result = await bench.up(chain);
  expect(result).toMatchObject({
    outcome: "done",
    done: ["one", "two"],
    outputs: { address: { kind: "value", value: "address-of-two" } },
  });
  expect(bench.cloud.things.get("two")).toMatchObject({
    label: "address-of-one",
    owner: { pipeline: "chain", instance: "chain", step: "two" },
  });
});

test("a second up writes nothing, and verifies again", async () => {
  const bench = createBench();
  await bench.up(chain);
  bench.cloud.calls.length = 0;
  expect((await bench.up(chain)).outcome).toBe("done");
  expect(bench.cloud.calls).toEqual(["observe one", "observe two", "verify one", "verify two"]);
});

test("a foreign thing is never taken over unless told so", async () => {
  const bench = createBench();
  bench.cloud.things.set("one", { owner: undefined, size: 1, label: "" });
  const plan = await bench.plan(chain);
  expect(plan.steps[0]?.problems).toMatchObject([{ code: "P0413" }]);
  const result = await bench.up(chain);
  expect(result.outcome).toBe("failed");
  expect(bench.cloud.things.get("one")?.owner).toBeUndefined();

  const adopting = chain.replace("with: { name: one }", "adopt: true, with: { name: one }");
  expect((await bench.up(adopting)).outcome).toBe("done");
  expect(bench.cloud.things.get("one")?.owner?.step).toBe("one");
});

test("another instance's thing is refused even when adoption is allowed", async () => {
  const bench = createBench();
  bench.cloud.things.set("one", {
    owner: { pipeline: "chain", instance: "other", step: "one" },
    size: 1,
    label: "",
  });
  const plan = await bench.plan(chain.replace("with: { name: one }", "adopt: true, with: { name: one }"));
  expect(plan.steps[0]?.problems).toMatchObject([{ code: "P0414" }]);
});

test("what can only be replaced needs to be allowed to", async () => {
  const bench = createBench();
  await bench.up(chain);
  const bigger = chain.replace("{ name: one }", "{ name: one, size: 2 }");
  const plan = await bench.plan(bigger);
  expect(plan.steps[0]).toMatchObject({ action: "replace", problems: [{ code: "P0412" }] });
  expect((await bench.up(bigger)).outcome).toBe("failed");
  expect(bench.cloud.things.get("one")?.size).toBe(1);

  const allowed = bigger.replace(
    "uses: test/thing, with: { name: one",
    "uses: test/thing, replace: allowed, with: { name: one",
  );
  bench.cloud.calls.length = 0;
  expect((await bench.up(allowed)).outcome).toBe("done");
  expect(bench.cloud.calls.filter((call) => /^(destroy|apply) one/.test(call))).toEqual([
    "destroy one",
    "apply one",
  ]);
});

test("what is protected is not replaced, even where it is allowed to be", async () => {
  const bench = createBench();
  await bench.up(chain);
  const bigger = chain.replace(
    "{ uses: test/thing, with: { name: one }",
    "{ uses: test/thing, protect: true, replace: allowed, with: { name: one, size: 2 }",
  );
  expect((await bench.plan(bigger)).steps[0]?.problems).toMatchObject([{ code: "P0416" }]);
  expect((await bench.up(bigger)).outcome).toBe("failed");
  expect(bench.cloud.things.get("one")?.size).toBe(1);
});

test("passing faults are outlasted; a permanent one stops what has not begun and says so", async () => {
  const bench = createBench();
  bench.cloud.faults.push(passing("transient"), passing("throttled", 5_000));
  expect((await bench.up(chain)).outcome).toBe("done");
  expect(bench.clock.slept).toContain(5_000);

  const other = createBench();
  other.cloud.verdicts.set("one", [
    { ready: false, reason: "wrong token", worthWaiting: false, hint: "mend it" },
  ]);
  const result = await other.up(chain);
  expect(result).toMatchObject({ outcome: "failed", done: [], notDone: ["two"] });
  expect(result.failures[0]?.failure).toMatchObject({
    code: "P0540",
    message: "wrong token",
    hint: "mend it",
  });
});

test("readiness is waited for", async () => {
  const bench = createBench();
  const pending = { ready: false, reason: "address pending", worthWaiting: true } as const;
  bench.cloud.verdicts.set("one", [pending, pending]);
  expect((await bench.up(chain)).outcome).toBe("done");
  expect(bench.events).toContainEqual({ kind: "waiting", step: "one", reason: "address pending" });
});

test("a step that waits for a person leaves independent steps to finish", async () => {
  const bench = createBench();
  const text = `${chain.replace("outputs:", "  key: { uses: test/thing, with: { name: key } }\noutputs:")}`;
  bench.cloud.verdicts.set("key", [
    { ready: false, reason: "paste the key", worthWaiting: false, needsPerson: true },
  ]);
  const result = await bench.up(text);
  expect(result).toMatchObject({ outcome: "failed", notDone: [] });
  expect(result.done).toEqual(["one", "two"]);
});

test("an operation that somebody else began is joined, not repeated", async () => {
  const bench = createBench();
  await bench.up(chain);
  const thing = bench.cloud.things.get("one");
  if (!thing) throw new Error("not there");
  thing.busy = "Updating";
  const sleep = bench.clock.sleep;
  Object.assign(bench.clock, {
    sleep: async (milliseconds: number, signal: AbortSignal) => {
      delete thing.busy;
      await sleep(milliseconds, signal);
    },
  });
  bench.cloud.calls.length = 0;
  expect((await bench.up(chain)).outcome).toBe("done");
  expect(bench.events).toContainEqual({
    kind: "operation",
    step: "one",
    operation: "Updating",
    joined: true,
    since: undefined,
  });
  expect(bench.cloud.calls.filter((call) => call.startsWith("apply"))).toEqual([]);
});

test("a write whose answer was lost is not done twice", async () => {
  const bench = createBench();
  const { things, calls } = bench.cloud;
  // The fault comes after `apply` has taken effect: the fake throws on the look that follows.
  const set = things.set.bind(things);
  things.set = (id, thing) => {
    bench.cloud.faults.push(passing("transient"));
    return set(id, thing);
  };
  expect((await bench.up(chain)).outcome).toBe("done");
  expect(calls.filter((call) => call === "apply one")).toHaveLength(1);
});

test("after the first Ctrl-C nothing begins, and the run ends as cancelled", async () => {
  const bench = createBench();
  const asked = bench.cloud.things.set.bind(bench.cloud.things);
  bench.cloud.things.set = (id, thing) => {
    bench.stop();
    return asked(id, thing);
  };
  const result = await bench.up(chain);
  expect(result).toMatchObject({ outcome: "cancelled", done: ["one"], notDone: ["two"] });
});

test("after the first Ctrl-C nobody waits on for what is made to become ready", async () => {
  const bench = createBench();
  const pending = { ready: false, reason: "address pending", worthWaiting: true } as const;
  bench.cloud.verdicts.set("one", [pending, pending, pending]);
  const sleep = bench.clock.sleep;
  Object.assign(bench.clock, {
    sleep: (milliseconds: number, signal: AbortSignal) => {
      bench.stop();
      return sleep(milliseconds, signal);
    },
  });
  const result = await bench.up(chain);
  expect(bench.clock.slept).toHaveLength(1);
  expect(result).toMatchObject({ outcome: "cancelled", done: [], notDone: ["two"] });
  expect(result.failures[0]?.failure).toMatchObject({
    code: "P0520",
    message: "no longer waited for: address pending",
  });
});

test("drift by hand is seen by status, which writes nothing", async () => {
  const bench = createBench();
  await bench.up(chain);
  const thing = bench.cloud.things.get("two");
  if (thing) thing.label = "by hand";
  const { drift, outcome } = await bench.status(chain);
  expect(outcome).toBe("done");
  expect(drift.map(({ id }) => id)).toEqual(["two"]);
  expect(bench.cloud.things.get("two")?.label).toBe("by hand");
});

test("status says of nothing that is not there that it makes it, or that it is done", async () => {
  const bench = createBench();
  await bench.status(chain);
  expect(bench.events).not.toContainEqual(
    expect.objectContaining({ kind: "step-started", action: "create" }),
  );
  expect(bench.events).toContainEqual(
    expect.objectContaining({ kind: "step-done", step: "one", detail: "not there", verified: false }),
  );
});

test("a failure of looking names the step", async () => {
  const bench = createBench();
  bench.cloud.faults.push(new Failure({ kind: "forbidden", code: "AuthorizationFailed", message: "no" }));
  await expect(bench.plan(chain)).rejects.toMatchObject({ code: "AuthorizationFailed" });
  expect(bench.events).toContainEqual(expect.objectContaining({ kind: "step-failed", step: "one" }));
});
