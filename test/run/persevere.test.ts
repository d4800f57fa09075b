import { expect, test } from "vitest";
import { persevere } from "../../src/run/persevere.ts";
import { Failure } from "../../src/step/failure.ts";
import { quickClock } from "../fakes/quick-clock.ts";
import { passing } from "../fakes/things.ts";

const minutes = 60_000;

const setting = (deadline = 90 * minutes) => {
  const clock = quickClock();
  const signal = new AbortController().signal;
  return { clock, signal, random: () => 0.5, deadline, interval: 1_000, onRetry: () => {} };
};

/** Fails with each of the failures in turn, then answers. */
const failing = (failures: readonly Failure[]) => {
  const left = [...failures];
  return async () => {
    const failure = left.shift();
    if (failure) throw failure;
    return "done";
  };
};

test("throttling waits exactly as long as the service asks, and never asks early", async () => {
  const options = setting();
  expect(await persevere(failing([passing("throttled", 17_000), passing("throttled", 3_000)]), options)).toBe(
    "done",
  );
  expect(options.clock.slept).toEqual([17_000, 3_000]);
});

test("passing faults back off with jitter", async () => {
  const options = setting();
  await persevere(failing(Array.from({ length: 4 }, () => passing("transient"))), options);
  expect(options.clock.slept).toEqual([750, 1_500, 3_000, 6_000]);
});

test("a busy thing is asked again at an even pace, up to the deadline", async () => {
  const options = setting(30 * minutes);
  const busy = Array.from({ length: 600 }, () => passing("busy"));
  expect(await persevere(failing(busy), options)).toBe("done");
  expect(new Set(options.clock.slept)).toEqual(new Set([1_000]));
});

test("a permanent failure is not repeated", async () => {
  const options = setting();
  const refused = new Failure({ kind: "rejected", code: "SkuNotAvailable", message: "no" });
  await expect(persevere(failing([refused]), options)).rejects.toBe(refused);
  expect(options.clock.slept).toEqual([]);
});

test("a fault that never passes ends within its budget, and names the request", async () => {
  const options = setting();
  const down = new Failure({
    kind: "transient",
    code: "InternalServerError",
    message: "down",
    requestId: "r-1",
  });
  const error: unknown = await persevere(async () => {
    throw down;
  }, options).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: "InternalServerError", requestId: "r-1", kind: "transient" });
  expect(options.clock.now()).toBeLessThanOrEqual(10 * minutes * 1.1);
  expect(options.clock.now()).toBeGreaterThan(8 * minutes);
});

test("nothing outlasts the deadline", async () => {
  const options = setting(5_000);
  await expect(
    persevere(async () => {
      throw passing("throttled", 60_000);
    }, options),
  ).rejects.toMatchObject({ kind: "throttled" });
  expect(options.clock.now()).toBeLessThanOrEqual(5_000);
});

test("an error that nobody foresaw keeps its message and is told as a bug", async () => {
  const error: unknown = await persevere(async () => {
    throw new TypeError("x is not a function");
  }, setting()).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ kind: "unexpected", code: "P0599", message: "x is not a function" });
});
