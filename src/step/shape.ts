/**
 * The type of a value, as plain data: what the generator derives from a step's zod schema, and all that the
 * language, `schema.json` and the reference pages know of it. No zod, no SDK: `validate` loads only this.
 */

export type Scalar = string | number | boolean | null;

/** What every shape may say of itself. */
export interface ShapeNotes {
  /** One sentence, with units. Shown by `provision steps`, in the docs and on hover in an editor. */
  readonly description?: string;
  /** The value taken where none is given. A property with a default is never required. */
  readonly default?: unknown;
}

export type Shape = ShapeNotes &
  (
    | StringShape
    | NumberShape
    | BooleanShape
    | NullShape
    | LiteralShape
    | SecretShape
    | ArrayShape
    | ObjectShape
    | RecordShape
    | UnionShape
    | JsonShape
  );

export interface StringShape {
  readonly kind: "string";
  readonly values?: readonly string[];
  /** A regular expression in JSON Schema's sense (unanchored). */
  readonly pattern?: string;
  readonly minimumLength?: number;
  readonly maximumLength?: number;
}

export interface NumberShape {
  readonly kind: "number";
  readonly integer?: boolean;
  readonly minimum?: number;
  readonly maximum?: number;
}

export interface BooleanShape {
  readonly kind: "boolean";
}

export interface NullShape {
  readonly kind: "null";
}

export interface LiteralShape {
  readonly kind: "literal";
  readonly value: Scalar;
}

/** A string that only a secret (or an output that is one) may fill, and that never flows anywhere else. */
export interface SecretShape {
  readonly kind: "secret";
}

export interface ArrayShape {
  readonly kind: "array";
  readonly items: Shape;
  readonly minimumItems?: number;
  readonly maximumItems?: number;
}

export interface ObjectShape {
  readonly kind: "object";
  readonly properties: Readonly<Record<string, Property>>;
  /**
   * The literal `kind` that makes this object a handle ("cluster", "public-ip"). An input takes any outputs of
   * the same handle that have its required properties, and ignores the rest.
   */
  readonly handle?: string;
}

export interface Property {
  readonly shape: Shape;
  readonly required: boolean;
}

/** An object with free keys. */
export interface RecordShape {
  readonly kind: "record";
  readonly values: Shape;
}

export interface UnionShape {
  readonly kind: "union";
  readonly options: readonly Shape[];
}

/** Any JSON value, such as a chart's `values`. It may hold no secret. */
export interface JsonShape {
  readonly kind: "json";
}

/** One entry of the generated manifest: what is known of a step type without loading its code. */
export interface StepManifest {
  readonly type: string;
  readonly version: number;
  readonly summary: string;
  /** True for a step that only reads (`azure/existing-resource-group`). */
  readonly readOnly: boolean;
  readonly input: ObjectShape;
  readonly output: ObjectShape;
  /** Outputs that an in-place update may change. */
  readonly volatile: readonly string[];
}

export type Manifest = Readonly<Record<string, StepManifest>>;
