/** The checked pipeline: what the language hands on. Every part knows its place in the file. */
import type { Expr } from "@actions/expressions/ast";
import type { Scalar, StepManifest } from "../step/shape.ts";
import type { Location } from "./diagnostic.ts";

export interface Pipeline {
  readonly name: string;
  readonly file: string;
  readonly location: Location;
  /** An expression over inputs alone; its value tells apart several installations of one pipeline. */
  readonly instance: Template;
  readonly inputs: ReadonlyMap<string, InputDeclaration>;
  readonly secrets: ReadonlyMap<string, SecretDeclaration>;
  /** Tokens that clients log in with; each a whole-value reference to a secret. */
  readonly credentials: ReadonlyMap<"cloudflare" | "github", Template>;
  readonly steps: ReadonlyMap<string, PipelineStep>;
  readonly outputs: ReadonlyMap<string, OutputDeclaration>;
}

export interface InputDeclaration {
  readonly name: string;
  readonly type: "string" | "number" | "boolean";
  readonly description?: string | undefined;
  readonly default?: Scalar | undefined;
  readonly values?: readonly Scalar[] | undefined;
  readonly pattern?: string | undefined;
  readonly location: Location;
}

export type SecretSource =
  | { readonly kind: "env"; readonly variable: string }
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "key-vault"; readonly vault: string; readonly name: string };

export interface SecretDeclaration {
  readonly name: string;
  readonly source: SecretSource;
  readonly location: Location;
}

export interface PipelineStep {
  readonly id: string;
  readonly uses: string;
  readonly manifest: StepManifest;
  /** A `map` template; defaults of the step's input are already filled in. */
  readonly with: MapTemplate;
  /** Every step it reads from or names in `needs`, with each place that says so. */
  readonly dependencies: ReadonlyMap<string, readonly Location[]>;
  /** Over inputs alone. False: the step is left as it is. */
  readonly if?: ExpressionTemplate | undefined;
  /** Milliseconds for the step as a whole, retries and verification included. */
  readonly timeout?: number | undefined;
  /** Never destroyed, by whatever command. */
  readonly protect: boolean;
  /** May take over a thing that carries no marks. */
  readonly adopt: boolean;
  /** May be destroyed and made anew. */
  readonly replace: boolean;
  readonly location: Location;
}

export interface OutputDeclaration {
  readonly name: string;
  readonly description?: string | undefined;
  readonly value: Template;
  /** True where a secret flows into it: shown as `***`, written nowhere. */
  readonly secret: boolean;
  readonly location: Location;
}

/** A value of the file, still with its expressions. */
export type Template = ScalarTemplate | ExpressionTemplate | TextTemplate | ListTemplate | MapTemplate;

export interface ScalarTemplate {
  readonly kind: "scalar";
  readonly value: Scalar;
  readonly location: Location;
}

/** A whole-value `${{ }}`, which keeps its type. */
export interface ExpressionTemplate {
  readonly kind: "expression";
  readonly source: string;
  readonly tree: Expr;
  readonly location: Location;
}

/** Text with `${{ }}` in it; each must be a scalar. */
export interface TextTemplate {
  readonly kind: "text";
  readonly parts: readonly (string | ExpressionTemplate)[];
  readonly location: Location;
}

export interface ListTemplate {
  readonly kind: "list";
  readonly items: readonly Template[];
  readonly location: Location;
}

export interface MapTemplate {
  readonly kind: "map";
  readonly entries: ReadonlyMap<string, Template>;
  readonly location: Location;
}
