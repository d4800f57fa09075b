/** What a check of preflight is: from what the steps of a plan require to findings, by asking those who know. */
import type { Use } from "../step/context.ts";
import type { Finding } from "../step/finding.ts";
import type { Requirement } from "../step/requirement.ts";

export interface PreflightContext {
  readonly use: Use;
  readonly signal: AbortSignal;
  /** Where the run's own token for Cloudflare comes from, so that a step's token from there is not asked about twice. */
  readonly cloudflareOrigin?: string | undefined;
}

/** A requirement, and the id of the step that has it. */
export type Asked = Requirement & { readonly step: string };
export type Kind = Requirement["kind"];
export type OfKind<K extends Kind> = Extract<Asked, { kind: K }>;
export type Check = (asked: readonly Asked[], context: PreflightContext) => Promise<readonly Finding[]>;

/** What is asked of one kind, as that kind. */
export const ofKind = <K extends Kind>(asked: readonly Asked[], kind: K): readonly OfKind<K>[] =>
  asked.filter((each): each is OfKind<K> => each.kind === kind);

/** Who asks, each step once. */
export const stepsOf = (asked: readonly Pick<Asked, "step">[]): readonly string[] => [
  ...new Set(asked.map(({ step }) => step)),
];
