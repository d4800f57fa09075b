/**
 * Where a thing lives, and whose it is. A Ref is computed from inputs, stored in tags, labels and annotations,
 * and read back from them: observing, destroying and finding orphans need no input and no state file.
 */
import { z } from "zod";

export interface Ref {
  /** The step type that made it, as in `azure/public-ip`. */
  readonly type: string;
  /** Version of the id's format, from the step. */
  readonly version: number;
  /** The thing's address inside its system: an ARM id, `namespace/release`, a record's name and type. */
  readonly id: string;
  /** The thing it lives in, whose absence means its own: a group, a cluster, a zone. */
  readonly within?: Ref | undefined;
}

export const refSchema: z.ZodType<Ref> = z.object({
  type: z.string(),
  version: z.number().int(),
  id: z.string(),
  get within() {
    return refSchema.optional();
  },
});

/** ARM compares ids without case; everything else keeps it. */
const comparable = (id: string): string => (id.startsWith("/subscriptions/") ? id.toLowerCase() : id);

/**
 * A key under which two Refs to the same place meet. Types are left out, since a look-up and its maker name the
 * same thing; so is the parent of an ARM id, which holds its parent already.
 */
export const refKey = (ref: Ref): string =>
  ref.within && !ref.id.startsWith("/subscriptions/")
    ? `${refKey(ref.within)} > ${comparable(ref.id)}`
    : comparable(ref.id);

export const sameRef = (a: Ref, b: Ref): boolean => refKey(a) === refKey(b);

/** Whether `parent` is what `child` lives in, at any depth. A cluster's id may carry its access: `<ARM id>#admin`. */
export const livesIn = (child: Ref, parent: Ref): boolean => {
  if (!child.within) return false;
  const within = refKey(child.within);
  const key = refKey(parent);
  return within === key || within.startsWith(`${key}#`) || livesIn(child.within, parent);
};

/** Who a run acts for: pipeline and instance. With the step's id it is the owner of a thing. */
export interface Scope {
  readonly pipeline: string;
  readonly instance: string;
}

/** What `locate` rests on besides a step's input. */
export interface Site extends Scope {
  /**
   * The Azure subscription's id. The literal `{subscription}` in an offline plan that was given none: ids then
   * show it, and nothing is ever asked with it.
   */
  readonly subscription: string;
}

export interface Owner extends Scope {
  /** The step's id in the pipeline. */
  readonly step: string;
}
