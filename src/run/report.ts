/** A Failure as plain data, for events. */
import type { Failure } from "../step/failure.ts";
import type { FailureReport } from "./event.ts";

export const report = (failure: Failure): FailureReport => ({
  kind: failure.kind,
  code: failure.code,
  message: failure.message,
  ...(failure.hint === undefined ? {} : { hint: failure.hint }),
  ...(failure.resource === undefined ? {} : { resource: failure.resource }),
  ...(failure.requestId === undefined ? {} : { requestId: failure.requestId }),
  evidence: failure.evidence,
});
