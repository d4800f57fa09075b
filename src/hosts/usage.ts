/** What was asked for is wrong, whichever host it was asked of. */
import { Failure } from "../step/failure.ts";

export const usageFailure = (message: string, hint: string): Failure =>
  new Failure({ kind: "rejected", code: "P0440", message, hint });
