/** Waits inside a step, for what no Failure can express: a stage with a time limit of its own and evidence at its end. */
import type { StepContext } from "../../step/context.ts";
import { Failure, isPassing } from "../../step/failure.ts";

export type Look =
  | { readonly done: true }
  /** `hopeless`: waiting longer can't help. */
  | { readonly done: false; readonly reason: string; readonly hopeless?: boolean };

export interface Stage {
  /** What is waited for: `the address on the Ingress`. */
  readonly what: string;
  readonly seconds: number;
  look(): Promise<Look>;
  evidence(): Promise<readonly string[]>;
  readonly hint?: string | undefined;
}

/**
 * Looks until it is done, telling each new reason once. Faults that pass are looked over until the time is up.
 * @throws Failure `rejected` (P0720) with the last reason and the stage's evidence.
 */
export const waitUntil = async (context: StepContext, stage: Stage): Promise<void> => {
  const began = context.clock.now();
  let told = "";
  for (;;) {
    const look = await stage.look().catch((error: unknown): Look => {
      if (error instanceof Failure && isPassing(error.kind)) return { done: false, reason: error.message };
      throw error;
    });
    if (look.done) return;
    const spent = context.clock.now() - began;
    if (look.hopeless === true || spent >= stage.seconds * 1000) {
      const after = look.hopeless === true ? "" : ` within ${stage.seconds} s`;
      throw new Failure({
        kind: "rejected",
        code: "P0720",
        message: `${stage.what} did not come${after}: ${look.reason}`,
        evidence: await stage.evidence(),
        hint: stage.hint,
      });
    }
    if (told !== look.reason) {
      told = look.reason;
      context.report({ kind: "waiting", reason: `${stage.what}: ${look.reason}` });
    }
    await context.clock.sleep(context.environment.pollInterval, context.signal);
  }
};
