/**
 * ARM's long-running operations, as its resource provider contract has them: 201 or 202 is answered with
 * `Azure-AsyncOperation` (a status document) or `Location` (202 until it is done), else the resource's own
 * `provisioningState` tells. Pure.
 */
import { z } from "zod";
import type { Progression } from "./client.ts";
import {
  type ArmError,
  armError,
  type ErrorAnswer,
  evidenceOf,
  failureOfAnswer,
  failureOfCode,
  retryAfterOf,
} from "./errors.ts";

const statusDocument = z.object({
  status: z.string(),
  error: armError.nullish(),
});
const resourceState = z.object({
  properties: z.object({ provisioningState: z.string().optional() }).nullish(),
});

/** What the first answer to a write means. `url` is the resource's own, with its API version. */
export const accepted = (
  method: "put" | "delete",
  answer: ErrorAnswer,
  url: string,
  resource: string,
): Progression => {
  if (answer.status >= 400) throw failureOfAnswer(answer, resource);
  const { headers } = answer;
  const announced = headers["azure-asyncoperation"] ?? headers["operation-location"];
  const location = answer.status === 202 || method === "delete" ? headers.location : undefined;
  const monitor = announced ?? location;
  const retryAfter = retryAfterOf(headers);
  if (monitor !== undefined) return { state: "running", monitor, retryAfter };
  if (method === "delete") return { state: "done" };
  return stateOf(
    resourceState.safeParse(answer.body).data?.properties?.provisioningState,
    {},
    url,
    resource,
    retryAfter,
  );
};

/** What a look at a running operation means. */
export const polled = (answer: ErrorAnswer, monitor: string, resource: string): Progression => {
  const retryAfter = retryAfterOf(answer.headers);
  if (answer.status >= 400) throw failureOfAnswer(answer, resource);
  const next = answer.headers["azure-asyncoperation"] ?? answer.headers.location ?? monitor;
  if (answer.status === 202) return { state: "running", monitor: next, retryAfter };
  const document = statusDocument.safeParse(answer.body);
  if (document.success)
    return stateOf(document.data.status, document.data.error ?? {}, next, resource, retryAfter);
  const state = resourceState.safeParse(answer.body).data?.properties?.provisioningState;
  return stateOf(state, {}, monitor, resource, retryAfter);
};

const stateOf = (
  state: string | undefined,
  error: ArmError,
  monitor: string,
  resource: string,
  retryAfter: number | undefined,
): Progression => {
  switch (state?.toLowerCase()) {
    case undefined:
    case "succeeded":
      return { state: "done" };
    case "failed":
      return failed({ code: "OperationFailed", message: "the operation failed" }, error, resource);
    case "canceled":
    case "cancelled":
      return failed({ code: "OperationPreempted", message: "the operation was cancelled" }, error, resource);
    default:
      return { state: "running", monitor, retryAfter };
  }
};

/** `otherwise`: what is said where the service says nothing. */
const failed = (
  otherwise: { readonly code: string; readonly message: string },
  error: ArmError,
  resource: string,
): Progression => ({
  state: "failed",
  failure: failureOfCode(error.code ?? otherwise.code, error.message ?? otherwise.message, resource, {
    evidence: evidenceOf(error),
  }),
});
