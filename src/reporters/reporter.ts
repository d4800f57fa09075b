/**
 * What a host hands its events to. Reporters turn data into text; they hold no logic and write to nothing but the
 * sink they were given. Expected beside this file, for the hosts:
 *
 * - `style.ts`: `createStyle({ color: boolean, columns: number, unicode: boolean }): Style`
 * - `diagnostics.ts`: `renderDiagnostics(diagnostics, sourceOf: (file: string) => string | undefined, style): string`
 * - `plan-text.ts`: `renderPlan(plan: Plan, style): string` — one line a step, changes, outputs, a summary line
 * - `plan-markdown.ts`: `renderPlanMarkdown(plan: Plan): string`; `mermaid.ts`: `renderGraph(steps): string`
 * - `live.ts`: `createLiveReporter(sink, style, clock): Reporter` — redraws in place on a terminal
 * - `plain.ts`: `createPlainReporter(sink, style): Reporter` — a line an event worth a line
 * - `json-lines.ts`: `createJsonReporter(sink): Reporter` — every event as it is
 * - `failure.ts`: `renderFailure(failure: FailureReport, style, step?: string): string`
 * - `findings.ts`: `renderFindings(findings, style): string` for preflight
 */
import type { TimedEvent } from "../run/event.ts";

export interface Sink {
  write(text: string): void;
  /** Width in columns; 80 where nobody tells. */
  readonly columns: number;
  /** True where a person watches, and lines can be drawn over. */
  readonly terminal: boolean;
}

export interface Reporter {
  event(event: TimedEvent): void;
  /** Nothing more will come: clears what was drawn in place. */
  close(): void;
}
