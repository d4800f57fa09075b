/** Where fetched descriptions are, and how exchanges agree with them. */
import type { Exchange } from "./exchanges.ts";
import { type Descriptions, openDescriptions } from "./openapi.ts";

/** Folder with a checkout of descriptions: a folder in it for each publisher. Not set where they are not fetched. */
export const descriptionsFolder = process.env.PROVISION_API_DESCRIPTIONS;

/** Why a test is skipped, for its name. */
export const unlessDescribed =
  descriptionsFolder === undefined ? " (skipped: PROVISION_API_DESCRIPTIONS is not set)" : "";

export const openFolder = (): Promise<Descriptions> => openDescriptions(descriptionsFolder ?? "");

/** Where a description says that a value is text, the services answer null for none at all. */
export const withoutNulls = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) => (inner === null ? [] : [[key, withoutNulls(inner)]])),
  );
};

export interface Agreement {
  readonly bodies: number;
  readonly violations: readonly string[];
  /** What does not agree with an older version, where the folder has no description of the version that was asked. */
  readonly older: readonly string[];
  /** Requests whose operation is in no description of the folder. */
  readonly undescribed: readonly string[];
}

/** @param read What of a path its description has, and of which version. */
export const agreementOf = (
  exchanges: readonly Exchange[],
  { find }: Descriptions,
  read: (exchange: Exchange) => {
    readonly path: string;
    readonly version?: string;
    readonly answer: unknown;
  },
): Agreement => {
  const violations = new Set<string>();
  const older = new Set<string>();
  const undescribed = new Set<string>();
  let bodies = 0;
  for (const exchange of exchanges) {
    const { method, status, request } = exchange;
    const { path, version, answer } = read(exchange);
    const operation = find(method, path, version);
    if (!operation) {
      undescribed.add(`${method} ${path} ${version ?? ""}`);
      continue;
    }
    const isExact = version === undefined || operation.version === version;
    const say = (part: string, problems: readonly string[] | undefined): void => {
      if (problems !== undefined) bodies++;
      for (const problem of problems ?? [])
        (isExact ? violations : older).add(
          `${operation.operationId} ${operation.version} ${status} ${part} ${problem}`,
        );
    };
    if (request !== undefined && status < 400) say("request", operation.checkRequest(request));
    say("answer", operation.checkAnswer(status, answer));
  }
  return { bodies, violations: [...violations], older: [...older], undescribed: [...undescribed] };
};
