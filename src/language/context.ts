/** What the parts of a check share: the text, the report, and what the file declares. */

import type { Manifest, Shape, StepManifest } from "../step/shape.ts";
import type { Location } from "./diagnostic.ts";
import type { ExpressionTemplate } from "./pipeline.ts";
import type { Report } from "./report.ts";
import type { Source, Span } from "./source.ts";
import type { MapNode } from "./yaml-tree.ts";

/** A step as far as others must know it: its id, type and condition. */
export interface StepOutline {
  readonly id: string;
  readonly idSpan: Span;
  readonly node: MapNode;
  /** As it is written: a local step's path stays one. */
  readonly uses: string;
  /** Undefined where `uses` is missing or unknown, which is told already. */
  readonly manifest: StepManifest | undefined;
  readonly condition: ExpressionTemplate | undefined;
  /** What must all be true for the step to be on, each in a normal form. */
  readonly conjuncts: readonly string[];
}

export interface CheckContext {
  readonly source: Source;
  readonly report: Report;
  readonly manifest: Manifest;
  readonly inputs: ReadonlyMap<string, Shape>;
  readonly secrets: ReadonlyMap<string, Span>;
  readonly steps: ReadonlyMap<string, StepOutline>;
  /** Filled while expressions are checked. */
  readonly usedSecrets: Set<string>;
}

/** Where an expression stands, and so what it may read. */
export interface Place {
  /** `inputs`: where steps and secrets are not available. */
  readonly reads: "everything" | "inputs";
  /** What the place is called in messages: "`if`". */
  readonly name: string;
  /** The step whose part it is. */
  readonly step?: StepOutline | undefined;
  /** Told of each reference to another step. */
  readonly onStep?: ((id: string, location: Location) => void) | undefined;
}
