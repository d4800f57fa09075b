/** What the evaluator throws. */
import { Failure } from "../step/failure.ts";
import type { Code } from "./codes.ts";
import type { Location } from "./diagnostic.ts";

/** An expression that has no value: types that do not go together, a property that is not there. */
export class EvaluationFailure extends Failure {
  readonly location: Location;

  constructor(code: Code, message: string, location: Location) {
    const { file, start } = location;
    super({ kind: "rejected", code, message, resource: `${file}:${start.line}:${start.column}` });
    this.location = location;
  }
}
