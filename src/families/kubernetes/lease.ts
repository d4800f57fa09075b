/**
 * An exclusive hold on a cluster: the Lease `provision` in kube-system, renewed while it is held. Nobody's clock is
 * trusted but one's own: a Lease counts as stale when its `renewTime` has not changed for as long as it lasts, timed
 * here, so that machines with wrong clocks never steal a live one. Writes are conditional on `resourceVersion`, so
 * that of several who want it exactly one gets it.
 */
import { z } from "zod";
import type { KubernetesClient, KubernetesObject } from "../../clients/kubernetes/client.ts";
import type { Clock } from "../../step/context.ts";
import { Failure } from "../../step/failure.ts";

export const leaseName = {
  apiVersion: "coordination.k8s.io/v1",
  kind: "Lease",
  namespace: "kube-system",
  name: "provision",
} as const;

export interface LeaseOptions {
  /** Unique for this run; shown to whoever waits: `host 4711 a1b2c3`. */
  readonly holder: string;
  readonly clock: Clock;
  /** Ends waiting, and renewing. */
  readonly signal: AbortSignal;
  /** Milliseconds after which an unrenewed Lease is stale. Default 30,000. */
  readonly duration?: number;
  /** Told once for each other holder that is waited for. */
  readonly waiting?: (holder: string) => void;
}

export interface HeldLease {
  /** Aborts when the Lease is lost to somebody else, or could not be renewed for as long as it lasts. */
  readonly lost: AbortSignal;
  /** Which of the two, once it is lost. */
  loss(): "taken" | "unrenewed" | undefined;
  /** Ends renewing and gives the Lease back, if it is still ours. Never throws. */
  release(): Promise<void>;
}

type Client = Pick<KubernetesClient, "get" | "create" | "replace">;

const specSchema = z.looseObject({
  holderIdentity: z.string().nullish(),
  leaseDurationSeconds: z.number().nullish(),
  renewTime: z.string().nullish(),
  acquireTime: z.string().nullish(),
  leaseTransitions: z.number().nullish(),
});

type LeaseSpec = z.output<typeof specSchema>;

const specOf = (lease: KubernetesObject): LeaseSpec => specSchema.safeParse(lease.spec).data ?? {};

/** MicroTime: six digits after the second. */
const microTime = (milliseconds: number): string => new Date(milliseconds).toISOString().replace("Z", "000Z");

const isConflict = (error: unknown): boolean => error instanceof Failure && error.kind === "conflict";

/** Waits until the Lease is free or stale, takes it and keeps it. Throws the signal's reason when that aborts. */
export const acquireLease = async (client: Client, options: LeaseOptions): Promise<HeldLease> => {
  const duration = options.duration ?? 30_000;
  const taken = await take(client, { ...options, duration });
  return keep(client, taken, { ...options, duration });
};

type Settled = LeaseOptions & { readonly duration: number };

const spec = ({ holder, clock, duration }: Settled, before: LeaseSpec | undefined) => ({
  holderIdentity: holder,
  leaseDurationSeconds: Math.ceil(duration / 1000),
  acquireTime: microTime(clock.now()),
  renewTime: microTime(clock.now()),
  leaseTransitions: before ? (before.leaseTransitions ?? 0) + 1 : 0,
});

const take = async (client: Client, options: Settled): Promise<KubernetesObject> => {
  const { clock, holder, signal } = options;
  /** What was last seen of the holder's Lease, and since when, on this machine's clock. */
  let seen: { readonly mark: string; readonly since: number } | undefined;
  let told: string | undefined;
  for (;;) {
    signal.throwIfAborted();
    const lease = await client.get(leaseName);
    const held = lease && specOf(lease);
    const other = held?.holderIdentity;
    if (!lease || !other || other === holder || isStale(held, lease)) {
      const written = await write(client, lease, spec(options, held));
      if (written) return written;
      continue;
    }
    if (told !== other) {
      told = other;
      options.waiting?.(other);
    }
    await clock.sleep(Math.min(options.duration / 10, 2000), signal);
  }

  /** A holder's own, longer duration is respected. */
  function isStale(held: LeaseSpec, lease: KubernetesObject): boolean {
    const mark = `${held.holderIdentity} ${held.renewTime} ${lease.metadata.uid}`;
    if (seen?.mark !== mark) seen = { mark, since: clock.now() };
    const lasts = Math.max((held.leaseDurationSeconds ?? 0) * 1000, options.duration);
    return clock.now() - seen.since >= lasts;
  }
};

/** `undefined` where somebody else was faster. */
const write = async (
  client: Client,
  before: KubernetesObject | undefined,
  next: object,
): Promise<KubernetesObject | undefined> => {
  const { name, namespace, apiVersion, kind } = leaseName;
  try {
    return before
      ? await client.replace({ ...before, spec: next })
      : await client.create({ apiVersion, kind, metadata: { name, namespace }, spec: next });
  } catch (error) {
    if (isConflict(error)) return undefined;
    throw error;
  }
};

const keep = (client: Client, first: KubernetesObject, options: Settled): HeldLease => {
  const { clock, duration, holder } = options;
  const lost = new AbortController();
  let loss: "taken" | "unrenewed" | undefined;
  const ended = new AbortController();
  const signal = AbortSignal.any([options.signal, ended.signal]);
  let lease = first;

  /** After a conflict: still ours where an earlier renewal of our own got through without an answer. */
  const reread = async (): Promise<boolean> => {
    const current = await client.get(leaseName);
    if (!current || specOf(current).holderIdentity !== holder) return false;
    lease = current;
    return true;
  };

  const renew = async (): Promise<boolean> => {
    const written = await write(client, lease, { ...specOf(lease), renewTime: microTime(clock.now()) });
    if (written) lease = written;
    return written ? true : await reread();
  };

  /** A renewal that hangs is as bad as one that fails: it is given no longer than the hold is safe. */
  const renewWithin = async (milliseconds: number): Promise<"kept" | "taken" | "failed"> => {
    const answered = new AbortController();
    const late = clock
      .sleep(milliseconds, AbortSignal.any([signal, answered.signal]))
      .then((): "failed" => "failed")
      .catch((): "failed" => "failed");
    const renewal = renew().then(
      (kept): "kept" | "taken" => (kept ? "kept" : "taken"),
      (): "failed" => "failed",
    );
    const result = await Promise.race([renewal, late]);
    answered.abort();
    return result;
  };

  /** Others may take the Lease after its whole duration unrenewed: writes stop when two thirds are gone. */
  const loop = async (): Promise<void> => {
    const safe = (duration * 2) / 3;
    let renewedAt = clock.now();
    let failing = false;
    for (;;) {
      await clock.sleep(failing ? duration / 15 : duration / 3, signal);
      const started = clock.now();
      const result = await renewWithin(Math.max(renewedAt + safe - started, 0));
      if (signal.aborted) return;
      failing = result === "failed";
      if (result === "kept") renewedAt = started;
      if (result === "taken" || (failing && clock.now() - renewedAt >= safe)) {
        loss = result === "taken" ? "taken" : "unrenewed";
        lost.abort();
        return;
      }
    }
  };
  // The loop ends by itself only when the Lease is lost; else a signal ends its sleep.
  const looping = loop().catch(() => undefined);

  return {
    lost: lost.signal,
    loss: () => loss,
    release: async () => {
      ended.abort();
      await looping;
      if (lost.signal.aborted) return;
      const free = () => write(client, lease, { ...specOf(lease), holderIdentity: "" });
      try {
        // A renewal cut short may have got through: then the version that we know is the one before it.
        if (!(await free()) && (await reread())) await free();
      } catch {
        // It goes stale by itself.
      }
    },
  };
};
