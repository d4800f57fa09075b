/**
 * The step contract. A step says where its thing lives (`locate`), what it will look like (`fields`, `predict`),
 * what it needs (`requires`), reads it (`observe`), brings it to what is wanted (`apply`), proves that it works
 * (`verify`) and removes it (`destroy`). Families implement most of it once for each kind of thing.
 *
 * At plan time `input` is a view in which touching an unknown value defers just that computation: so `locate`,
 * every field and every prediction is its own small function that touches only what it needs.
 */
import type { z } from "zod";
import type { StepContext } from "./context.ts";
import type { Owner, Ref, Scope, Site } from "./ref.ts";
import type { Requirement } from "./requirement.ts";
import type { Secret } from "./secret.ts";

/** Plain data with secrets in it: what inputs, outputs and fields are made of. */
export type Datum =
  | null
  | string
  | number
  | boolean
  | Secret
  | readonly Datum[]
  | { readonly [key: string]: Datum | undefined };

/** The outputs of a step: named data. */
export type Outputs = { readonly [name: string]: Datum | undefined };

/** What bringing a field to its desired value does to the thing. */
export type Effect =
  | "update"
  /** In place, but running work feels it (pods restart, nodes are drained). */
  | "disrupt"
  /** Only by destroying and making it anew; needs `replace: allowed` on the step. */
  | "replace"
  /** Not at all; the message of the field says what to do. */
  | "refuse";

/** One comparable setting of a thing. */
export interface Field {
  /** As a person would name it: `sku.name`, `values.controller.replicaCount`. */
  readonly path: string;
  /** What it shall be. Touches the input lazily; `undefined` leaves the setting to the service. */
  readonly desired: () => Datum | undefined;
  /** What it is; `undefined` where the thing is absent or the setting is. */
  readonly actual?: Datum | undefined;
  readonly effect: Effect;
  /** Why a `refuse` is one, and what to do instead. */
  readonly reason?: string | undefined;
  /** Where equality is not deep equality (case-insensitive ids, quantities). */
  readonly same?: ((desired: Datum | undefined, actual: Datum | undefined) => boolean) | undefined;
}

export interface Absent {
  readonly state: "absent";
}

/** An operation is running on the thing; the runner waits for its end and observes again. */
export interface Busy {
  readonly state: "busy";
  /** As the service names it: `Creating`, `Upgrading`. */
  readonly operation: string;
  /** When it began, in milliseconds since the epoch, where the service tells. */
  readonly since?: number | undefined;
}

export interface Present<Actual, Output> {
  readonly state: "present";
  readonly actual: Actual;
  readonly output: Output;
  /** From our marks; undefined where it carries none. */
  readonly owner: Owner | undefined;
  readonly etag?: string | undefined;
  /** Set where the thing exists but is broken in a way that only a person or `apply` can mend (`Failed`). */
  readonly failed?: string | undefined;
}

export type Observation<Actual = unknown, Output = Outputs> = Absent | Busy | Present<Actual, Output>;

/** Whether what a step made works. */
export type Verdict =
  | {
      readonly ready: true;
      /** One short fact worth showing: `52.0.0.1 on the Service`. */
      readonly detail?: string | undefined;
    }
  | {
      readonly ready: false;
      readonly reason: string;
      /** False where waiting cannot help (a wrong token), true where it may (an address still pending). */
      readonly worthWaiting: boolean;
      readonly hint?: string | undefined;
      /** True where a person must do something first (paste a deploy key): steps that don't depend on it go on. */
      readonly needsPerson?: boolean | undefined;
      /** What a person would look for next: the Service's events, the last log lines. */
      readonly evidence?: readonly string[] | undefined;
    };

/** Something found by our marks. */
export interface Discovered {
  readonly ref: Ref;
  readonly owner: Owner;
}

/** A kind of thing whose members carry our marks in the same way, and so are found together. */
export interface Family {
  readonly name: string;
  /** All things that carry the scope's marks. `clusters`: the clusters to look into, for families inside them. */
  discover(context: StepContext, scope: Scope, clusters: readonly Ref[]): Promise<readonly Discovered[]>;
}

/** An object that a Helm or Kubernetes step would bring into the cluster. */
export interface RenderedObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string | undefined;
  readonly name: string;
}

export type Rendering = { readonly objects: readonly RenderedObject[] } | { readonly notRendered: string };

/** A function whose parameters are compared loosely, so that `Step<A>` is a `Step` without a cast. */
type Method<Parameters extends readonly unknown[], Result> = {
  method(...parameters: Parameters): Result;
}["method"];

export interface Step<Input = unknown, Output extends Outputs = Outputs, Actual = unknown> {
  readonly type: string;
  /** Version of the Ref's format; raise it when ids change their form. */
  readonly version: number;
  /** One line, for lists. */
  readonly summary: string;
  readonly input: z.ZodType<Input>;
  readonly output: z.ZodType<Output>;
  readonly family: Family;
  /** True for a look-up: it is observed and verified, never written or destroyed. */
  readonly readOnly?: boolean;
  /** Milliseconds for the step as a whole where the pipeline says nothing. Default: 20 minutes. */
  readonly timeout?: number;
  /** Outputs that an in-place update may change, hence unknown until it is done. */
  readonly volatile?: readonly (keyof Output & string)[];
  /** Whether the thing has effects outside what it lives in, so that it must be destroyed even if that dies too. */
  readonly outlivesParent?: boolean;

  locate(input: Input, site: Site): Ref;
  /** Outputs that follow for certain from input and Ref, before anything exists. */
  readonly predict: { readonly [Name in keyof Output]?: Method<[input: Input, ref: Ref], Output[Name]> };
  requires?(input: Input): readonly Requirement[];
  /** Reads only. */
  observe(context: StepContext, ref: Ref): Promise<Observation<Actual, Output>>;
  /** The settings that the step owns, each with what it shall be and what it is. Pure. */
  fields(input: Input, actual: Actual | undefined): readonly Field[];
  /** Brings the world to `input`. Safe to repeat, safe to kill anywhere, fenced before each write. */
  apply(context: StepContext, ref: Ref, input: Input, observed: Observation<Actual, Output>): Promise<void>;
  /** Runs after apply, and on every later `up` and `status`. Reads only. */
  verify(context: StepContext, ref: Ref, input: Input): Promise<Verdict>;
  /** Removes the thing and its effects elsewhere. Absent is success. The runner has checked the owner. */
  destroy(context: StepContext, ref: Ref): Promise<void>;
  render?(context: StepContext, input: Input): Promise<Rendering>;
}

/** Types a step's parts from its schemas. A step file's default export is the result. */
export const defineStep = <Input, Output extends Outputs, Actual>(
  step: Step<Input, Output, Actual>,
): Step<Input, Output, Actual> => step;
