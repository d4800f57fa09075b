/**
 * Everything that a run tells, as a closed and versioned union. Logic emits events and never prints; reporters
 * switch over them exhaustively. Each is serialisable and free of secrets: `--json` writes them as they are.
 */
import type { Action, Plan, Shown } from "../plan/plan.ts";
import type { FailureKind } from "../step/failure.ts";
import type { Finding } from "../step/finding.ts";
import type { Ref } from "../step/ref.ts";

export const eventVersion = 1;

/** A Failure as an event carries it. */
export interface FailureReport {
  readonly kind: FailureKind;
  readonly code: string;
  readonly message: string;
  readonly hint?: string | undefined;
  readonly resource?: string | undefined;
  readonly requestId?: string | undefined;
  readonly evidence: readonly string[];
}

export type Event =
  /** Looking at the world began; `steps` is how many there are. */
  | { readonly kind: "observing"; readonly steps: number }
  | { readonly kind: "observed"; readonly step: string; readonly state: "absent" | "busy" | "present" }
  | { readonly kind: "planned"; readonly plan: Plan }
  /** Of preflight, which asks for all before the first write: what is well is told, too. */
  | ({ readonly kind: "finding" } & Finding)
  | {
      readonly kind: "run-started";
      readonly command: "up" | "destroy" | "status";
      readonly steps: readonly StepAnnouncement[];
    }
  | {
      readonly kind: "step-started";
      readonly step: string;
      readonly action: Action;
      readonly ref?: Ref | undefined;
    }
  /** A long operation that the step waits for; `joined` where an earlier or other run began it. */
  | {
      readonly kind: "operation";
      readonly step: string;
      readonly operation: string;
      readonly joined: boolean;
      /** Milliseconds since the epoch. */
      readonly since?: number | undefined;
    }
  | { readonly kind: "waiting"; readonly step: string; readonly reason: string }
  /** Trying again after a passing fault, in `delay` milliseconds. */
  | {
      readonly kind: "retrying";
      readonly step: string;
      readonly delay: number;
      readonly failure: FailureReport;
    }
  | { readonly kind: "notice"; readonly step?: string | undefined; readonly message: string }
  | {
      readonly kind: "warning";
      readonly step?: string | undefined;
      readonly code: string;
      readonly message: string;
      readonly hint?: string | undefined;
    }
  | { readonly kind: "verifying"; readonly step: string }
  | {
      readonly kind: "step-done";
      readonly step: string;
      readonly action: Action;
      /** What verification found, in a few words. */
      readonly detail?: string | undefined;
      /** False where `status` found nothing that it could verify. */
      readonly verified?: false | undefined;
      /** Milliseconds since the step began. */
      readonly took: number;
    }
  | {
      readonly kind: "step-failed";
      readonly step: string;
      readonly failure: FailureReport;
      readonly took: number;
    }
  /** Never begun, because `because` failed or the run was cancelled. */
  | { readonly kind: "step-skipped"; readonly step: string; readonly because: string }
  | {
      readonly kind: "lease";
      readonly cluster: string;
      readonly state: "waiting" | "held" | "taken" | "unrenewed" | "released";
      readonly holder?: string | undefined;
    }
  | { readonly kind: "cancelling"; readonly running: readonly string[] }
  | {
      readonly kind: "run-ended";
      readonly outcome: "done" | "failed" | "cancelled";
      readonly done: readonly string[];
      readonly failed: readonly string[];
      readonly notDone: readonly string[];
      /** Milliseconds. */
      readonly took: number;
      readonly outputs: Readonly<Record<string, Shown>>;
    };

export interface StepAnnouncement {
  readonly id: string;
  readonly type: string;
  readonly action: Action;
  readonly after: readonly string[];
}

/** An event as it is handed to reporters: with its format's version and its time, in milliseconds since the epoch. */
export type TimedEvent = Event & { readonly version: typeof eventVersion; readonly at: number };

/** Hands an event on. The emitter adds the time. */
export type Emit = (event: Event) => void;
