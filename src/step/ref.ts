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

/** Same place, whoever says so: types are left out, since a look-up and its maker name the same thing. */
export const sameRef = (a: Ref, b: Ref): boolean =>
  a.id === b.id &&
  (a.within === undefined) === (b.within === undefined) &&
  (!a.within || !b.within || sameRef(a.within, b.within));

/** A key under which two equal Refs meet in a map. */
export const refKey = (ref: Ref): string => (ref.within ? `${refKey(ref.within)} > ${ref.id}` : ref.id);

/** Who a run acts for: pipeline and instance. With the step's id it is the owner of a thing. */
export interface Scope {
  readonly pipeline: string;
  readonly instance: string;
}

export interface Owner extends Scope {
  /** The step's id in the pipeline. */
  readonly step: string;
}
