/** What a Lease promises: one holder at a time, a live one is never stolen, a dead one is replaced in time. */
import { expect, test } from "vitest";
import type { KubernetesClient, KubernetesObject } from "../../../src/clients/kubernetes/client.ts";
import { acquireLease, type HeldLease, leaseName } from "../../../src/families/kubernetes/lease.ts";
import { Failure } from "../../../src/step/failure.ts";
import { fakeKubernetes } from "../../fakes/kubernetes.ts";
import { steppedClock } from "../../fakes/stepped-clock.ts";

const duration = 30_000;
const live = new AbortController().signal;

const specOf = (object: KubernetesObject | undefined): Record<string, unknown> => {
  const spec = object?.spec;
  return typeof spec === "object" && spec !== null ? Object.fromEntries(Object.entries(spec)) : {};
};

const holderOf = async (client: KubernetesClient) => specOf(await client.get(leaseName)).holderIdentity;

const outcome = (acquiring: Promise<HeldLease>) => {
  const box: { lease?: HeldLease } = {};
  acquiring.then((lease) => {
    box.lease = lease;
  });
  return box;
};

test("a free Lease is taken at once, renewed while held, and given back", async () => {
  const client = fakeKubernetes();
  const clock = steppedClock();
  const lease = await acquireLease(client, { holder: "a", clock, signal: live });
  const first = specOf(await client.get(leaseName)).renewTime;
  await clock.advance(duration);
  expect(specOf(await client.get(leaseName)).renewTime).not.toBe(first);
  expect(lease.lost.aborted).toBe(false);
  await lease.release();
  expect(await holderOf(client)).toBe("");
});

test("a live holder is never replaced, and the one who waits is told who it is", async () => {
  const client = fakeKubernetes();
  const clock = steppedClock();
  const told: string[] = [];
  const held = await acquireLease(client, { holder: "a", clock, signal: live });
  const waiting = outcome(
    acquireLease(client, { holder: "b", clock, signal: live, waiting: (holder) => told.push(holder) }),
  );
  await clock.advance(20 * duration);
  expect(waiting.lease).toBeUndefined();
  expect(told).toEqual(["a"]);
  await held.release();
  await clock.advance(3000);
  expect(waiting.lease).toBeDefined();
  expect(await holderOf(client)).toBe("b");
});

test("a holder that died is replaced within one lease, whatever its clock said", async () => {
  for (const renewTime of ["1999-01-01T00:00:00.000000Z", "2099-01-01T00:00:00.000000Z"]) {
    const client = fakeKubernetes();
    const clock = steppedClock();
    const { apiVersion, kind, name, namespace } = leaseName;
    const spec = { holderIdentity: "dead", renewTime, leaseDurationSeconds: 30, leaseTransitions: 4 };
    await client.create({ apiVersion, kind, metadata: { name, namespace }, spec });
    const waiting = outcome(acquireLease(client, { holder: "b", clock, signal: live }));
    await clock.advance(duration - 1);
    expect(waiting.lease).toBeUndefined();
    await clock.advance(1);
    expect(waiting.lease).toBeDefined();
    expect(specOf(await client.get(leaseName))).toMatchObject({ holderIdentity: "b", leaseTransitions: 5 });
  }
});

test("of fifty who want it, one has it at any time, and all get it", async () => {
  const client = fakeKubernetes();
  const clock = steppedClock();
  let holders = 0;
  let most = 0;
  let done = 0;
  for (let number = 0; number < 50; number += 1) {
    const run = async () => {
      const lease = await acquireLease(client, { holder: `run ${number}`, clock, signal: live });
      holders += 1;
      most = Math.max(most, holders);
      await clock.sleep(5000, live);
      holders -= 1;
      await lease.release();
      done += 1;
    };
    void run();
  }
  await clock.advance(60 * 10_000);
  expect(done).toBe(50);
  expect(most).toBe(1);
});

test("a Lease that somebody else wrote over is lost", async () => {
  const client = fakeKubernetes();
  const clock = steppedClock();
  const lease = await acquireLease(client, { holder: "a", clock, signal: live });
  await client.patch(leaseName, { spec: { holderIdentity: "thief" } });
  await clock.advance(duration / 3);
  expect(lease.lost.aborted).toBe(true);
  expect(lease.loss()).toBe("taken");
  await lease.release();
  expect(await holderOf(client)).toBe("thief");
});

test("a renewal whose answer got lost does not lose the Lease", async () => {
  const client = fakeKubernetes();
  const clock = steppedClock();
  const lossy: KubernetesClient = {
    ...client,
    replace: async (object) => {
      await client.replace(object);
      throw new Failure({ kind: "transient", code: "ECONNRESET", message: "reset" });
    },
  };
  const lease = await acquireLease(lossy, { holder: "a", clock, signal: live });
  await clock.advance(duration / 3 + duration / 15);
  expect(lease.lost.aborted).toBe(false);
  expect(await holderOf(client)).toBe("a");
});

test.each([
  ["fails", () => Promise.reject(new Failure({ kind: "transient", code: "Http503", message: "down" }))],
  ["hangs", () => new Promise<never>(() => undefined)],
])("a holder whose renewal %s stops before anybody else may begin", async (_, replace) => {
  const client = fakeKubernetes();
  const clock = steppedClock();
  const lease = await acquireLease({ ...client, replace }, { holder: "a", clock, signal: live });
  const waiting = outcome(acquireLease(client, { holder: "b", clock, signal: live }));
  await clock.advance(duration - 2000);
  expect(lease.lost.aborted).toBe(true);
  expect(lease.loss()).toBe("unrenewed");
  expect(waiting.lease).toBeUndefined();
  await clock.advance(2000);
  expect(waiting.lease).toBeDefined();
});

test("who waits stops waiting when the run is cancelled", async () => {
  const client = fakeKubernetes();
  const clock = steppedClock();
  await acquireLease(client, { holder: "a", clock, signal: live });
  const cancel = new AbortController();
  const waiting = acquireLease(client, { holder: "b", clock, signal: cancel.signal });
  const refused = expect(waiting).rejects.toThrow("stop");
  await clock.advance(1000);
  cancel.abort(new Error("stop"));
  await refused;
  expect(await holderOf(client)).toBe("a");
});
