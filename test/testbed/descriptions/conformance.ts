/** What of recorded exchanges with ARM does not agree with Azure's own models. */
import { z } from "zod";
import type { Exchange } from "./exchanges.ts";
import { type Area, operations, versionOf } from "./operations.ts";
import type { Check } from "./sdk-package.ts";

export interface Conformance {
  /** Bodies that were held against a model. */
  readonly bodies: number;
  /** Operations that were met. */
  readonly operations: number;
  /** What is wrong, each once, as `PUT …/publicIPAddresses/a 201 answer /sku: must be object`. */
  readonly violations: readonly string[];
  /** Requests that no operation in the list describes. */
  readonly unknown: readonly string[];
}

/** Progress of long operations: ARM's contract, not a service's. https://learn.microsoft.com/azure/azure-resource-manager/management/async-operations */
export const progress = /\/(operations|operationresults|operationstatuses)\/[^/]+$/i;

/** `OperationStatusResult` of ARM's common types, which no SDK package has as a model. */
const progressSchema = z.strictObject({
  id: z.string(),
  name: z.string(),
  status: z.string(),
  percentComplete: z.number().min(0).max(100).optional(),
  startTime: z.iso.datetime(),
  endTime: z.iso.datetime().optional(),
  error: z.looseObject({ code: z.string(), message: z.string() }).optional(),
});

const progressProblems = (answer: unknown): readonly string[] =>
  (progressSchema.safeParse(answer).error?.issues ?? []).map(
    ({ path, message }) => `/${path.join("/")}: ${message}`,
  );

const short = (path: string): string => path.replace(/^\/subscriptions\/[^/]+/, "…");

/** A body that is written back after it was read may not hold what the service alone writes either. */
export const conformanceOf = (
  exchanges: readonly Exchange[],
  packages: Readonly<Record<Area, Check>>,
): Conformance => {
  const violations = new Set<string>();
  const unknown = new Set<string>();
  const met = new Set<object>();
  let bodies = 0;
  for (const { method, path, query, status, request, answer } of exchanges) {
    if (progress.test(path)) {
      if (answer === undefined) continue;
      bodies++;
      for (const problem of progressProblems(answer)) violations.add(`${method} ${short(path)} ${problem}`);
      continue;
    }
    const operation = operations.find((entry) => entry.method === method && entry.pattern.test(path));
    if (!operation) {
      unknown.add(`${method} ${short(path)}`);
      continue;
    }
    met.add(operation);
    const { area, answers } = operation;
    const check = packages[area];
    const say = (problems: readonly string[], part: string): void => {
      for (const problem of problems) violations.add(`${method} ${short(path)} ${status} ${part} ${problem}`);
    };
    const version = query.get("api-version");
    // The network's SDK asks whether a label is free, in the version that it is of.
    if (version !== versionOf(area) && !/checkDnsNameAvailability$/i.test(path))
      say([`is ${version}`], "api-version");
    if (operation.request !== undefined && request !== undefined) {
      bodies++;
      say(check(operation.request, "request", request), "request");
    }
    if (status >= 400) {
      bodies++;
      say(packages.containerService("ErrorResponse", "answer", answer), "refusal");
      continue;
    }
    const model = answers[status];
    if (model === undefined) say(["is not described"], "status");
    else if (model === null) say(answer === undefined ? [] : ["is not described"], "body");
    else {
      bodies++;
      say(check(model, "answer", answer), "answer");
    }
  }
  return { bodies, operations: met.size, violations: [...violations], unknown: [...unknown] };
};
