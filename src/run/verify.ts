/** Asks a step whether what it made works, as long as waiting may help, the deadline allows and nobody has stopped it. */
import { Failure } from "../step/failure.ts";
import { type Looking, perseverance } from "./look.ts";
import { persevere } from "./persevere.ts";

/** The verdict's detail when ready. Throws a Failure with the evidence when not. */
export const verifyThing = async (
  looking: Looking,
  input: unknown,
  wait: boolean,
): Promise<string | undefined> => {
  const { world, context, step, ref, deadline } = looking;
  const options = perseverance(world, context.owner.step, deadline);
  let told = "";
  for (let tries = 0; ; tries++) {
    const verdict = await persevere(() => step.verify(context, ref, input), options);
    if (verdict.ready) return verdict.detail;
    const delay = Math.min(longestPause, world.environment.pollInterval * 1.3 ** Math.min(tries, 20));
    const late = wait && verdict.worthWaiting && world.clock.now() + delay > deadline;
    if (!wait || !verdict.worthWaiting || late) {
      throw new NotReady(
        {
          kind: "rejected",
          code: verdict.needsPerson ? "P0541" : "P0540",
          message: late ? `${verdict.reason} (the step's time is over)` : verdict.reason,
          hint:
            verdict.hint ??
            (late ? "Run it again to wait longer, or give the step a longer `timeout`." : undefined),
          resource: ref.id,
          evidence: verdict.evidence,
        },
        verdict.needsPerson ?? false,
      );
    }
    if (told !== verdict.reason) {
      told = verdict.reason;
      context.report({ kind: "waiting", reason: verdict.reason });
    }
    if (!world.stopping()) await world.clock.sleep(delay, world.signal);
    // Orderly means that no write is cut short. This is none: what was made stands, and the next run asks again.
    if (world.stopping()) {
      throw new Failure({
        kind: "cancelled",
        code: "P0520",
        message: `no longer waited for: ${verdict.reason}`,
        resource: ref.id,
        evidence: verdict.evidence,
      });
    }
  }
};

/** Milliseconds. */
const longestPause = 15_000;

/** What was made does not work (yet). */
export class NotReady extends Failure {
  /** A person must act first; what does not depend on the step goes on. */
  readonly needsPerson: boolean;

  constructor(details: ConstructorParameters<typeof Failure>[0], needsPerson: boolean) {
    super(details);
    this.needsPerson = needsPerson;
  }
}
