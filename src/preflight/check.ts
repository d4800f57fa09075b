/** What a check of preflight is: from the requirements of a plan to findings, by asking those who know. */
import type { Use } from "../step/context.ts";
import type { Requirement } from "../step/requirement.ts";
import type { Finding } from "./finding.ts";

export interface PreflightContext {
  readonly use: Use;
  readonly signal: AbortSignal;
  /** Where the run's own token for Cloudflare comes from, so that a step's token from there is not asked about twice. */
  readonly cloudflareOrigin?: string | undefined;
}

export type Kind = Requirement["kind"];
export type OfKind<K extends Kind> = Extract<Requirement, { kind: K }>;
export type Check = (
  requirements: readonly Requirement[],
  context: PreflightContext,
) => Promise<readonly Finding[]>;

/** The requirements of one kind, as that kind. */
export const ofKind = <K extends Kind>(requirements: readonly Requirement[], kind: K): readonly OfKind<K>[] =>
  requirements.filter((requirement): requirement is OfKind<K> => requirement.kind === kind);
