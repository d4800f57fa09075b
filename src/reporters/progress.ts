/** What a run has told so far, as a person wants to see it now: what runs, since when, what waits for what. Pure. */
import type { Action } from "../plan/plan.ts";
import type { StepAnnouncement, TimedEvent } from "../run/event.ts";

export interface RunningStep {
  readonly id: string;
  readonly action: Action;
  /** Milliseconds since the epoch. */
  readonly since: number;
  readonly doing: Doing;
}

/** What a step does or waits for just now. Times are in milliseconds since the epoch. */
export type Doing =
  /** Nothing that it has told: its action says enough. */
  | { readonly kind: "action" }
  | { readonly kind: "verifying" }
  | { readonly kind: "waiting"; readonly reason: string }
  | { readonly kind: "operation"; readonly operation: string; readonly joinedSince?: number | undefined }
  /** A fault that passes: tried again at `until`. */
  | { readonly kind: "retrying"; readonly message: string; readonly until: number };

export interface Progress {
  readonly looking: { readonly seen: number; readonly of: number } | undefined;
  /** Of the run itself, in the order of the graph. */
  readonly announced: readonly StepAnnouncement[];
  readonly running: readonly RunningStep[];
  readonly ended: ReadonlySet<string>;
  readonly began: number | undefined;
  readonly cancelling: boolean;
}

export const noProgress: Progress = {
  looking: undefined,
  announced: [],
  running: [],
  ended: new Set(),
  began: undefined,
  cancelling: false,
};

export const advance = (progress: Progress, event: TimedEvent): Progress => {
  const doing = (step: string, now: Doing): Progress => ({
    ...progress,
    running: progress.running.map((each) => (each.id === step ? { ...each, doing: now } : each)),
  });
  const ended = (step: string): Progress => ({
    ...progress,
    running: progress.running.filter(({ id }) => id !== step),
    ended: new Set([...progress.ended, step]),
  });
  switch (event.kind) {
    case "observing":
      return { ...progress, looking: { seen: 0, of: event.steps } };
    case "observed":
      return progress.looking
        ? { ...progress, looking: { ...progress.looking, seen: progress.looking.seen + 1 } }
        : progress;
    case "planned":
      return { ...progress, looking: undefined };
    case "run-started":
      return { ...noProgress, announced: event.steps, began: event.at, cancelling: progress.cancelling };
    case "step-started": {
      const { step: id, action, at: since } = event;
      const others = progress.running.filter((each) => each.id !== id);
      return { ...progress, running: [...others, { id, action, since, doing: { kind: "action" } }] };
    }
    case "operation":
      return doing(event.step, {
        kind: "operation",
        operation: event.operation,
        joinedSince: event.joined ? (event.since ?? event.at) : undefined,
      });
    case "waiting":
      return doing(event.step, { kind: "waiting", reason: event.reason });
    case "retrying":
      return doing(event.step, {
        kind: "retrying",
        message: event.failure.message,
        until: event.at + event.delay,
      });
    case "verifying":
      return doing(event.step, { kind: "verifying" });
    case "step-done":
    case "step-failed":
    case "step-skipped":
      return ended(event.step);
    case "cancelling":
      return { ...progress, cancelling: true };
    case "run-ended":
      return { ...noProgress, cancelling: progress.cancelling };
    case "notice":
    case "warning":
    case "finding":
    case "lease":
      return progress;
  }
};

export interface WaitingStep {
  readonly id: string;
  readonly for: readonly string[];
}

/** What has not begun, with what it still waits for; those that are nearest to beginning first. */
export const waitingSteps = ({ announced, running, ended }: Progress): readonly WaitingStep[] => {
  const active = new Set(running.map(({ id }) => id));
  return announced
    .filter(({ id }) => !active.has(id) && !ended.has(id))
    .map(({ id, after }) => ({ id, for: after.filter((other) => !ended.has(other)) }))
    .toSorted((a, b) => a.for.length - b.for.length);
};
