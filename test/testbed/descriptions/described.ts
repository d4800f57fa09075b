/** Where fetched descriptions are, and how exchanges agree with them. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Exchange } from "./exchanges.ts";
import { type Descriptions, openDescriptions } from "./openapi.ts";

export type Publisher = "azure" | "cloudflare";

const folderOf = (publisher: Publisher): string | undefined => {
  const folder = process.env.PROVISION_API_DESCRIPTIONS;
  const own = folder === undefined ? undefined : join(folder, publisher);
  return own !== undefined && existsSync(own) ? own : undefined;
};

/** Whether the folder that PROVISION_API_DESCRIPTIONS names has what the publisher publishes. */
export const isDescribed = (publisher: Publisher): boolean => folderOf(publisher) !== undefined;

/** Why a test is skipped, for its name. */
export const unlessDescribed = (publisher: Publisher): string =>
  isDescribed(publisher)
    ? ""
    : ` (skipped: PROVISION_API_DESCRIPTIONS names no folder with ${publisher} in it)`;

export const openPublished = (publisher: Publisher): Promise<Descriptions> =>
  openDescriptions(folderOf(publisher) ?? "");

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
