/**
 * What a host hands its events to. Reporters turn data into text; they hold no logic and write to nothing but the
 * sink they were given.
 */
import type { TimedEvent } from "../run/event.ts";

// Being written by the core's author: style, failure, outputs, json-lines, plain, plan-text.
// Expected from the reporters' author (the command line imports them by these names):
// - diagnostics.ts: renderDiagnostics(diagnostics, sourceOf: (file: string) => string | undefined, style): string
// - live.ts: createLiveReporter(sink, style, clock): Reporter — redraws in place on a terminal
// - plan-markdown.ts: renderPlanMarkdown(plan): string
// - mermaid.ts: renderGraph(steps: {id, type, after}[]): string (Mermaid); renderTree(steps, style): string (text)
// - findings.ts: renderFindings(findings, style): string (preflight's table)
// - status.ts: renderStatus(plan, unhealthy: readonly string[], style): string (one line a step: drift, health)
// - steps.ts: renderSteps(manifests, style): string (list by folder); renderStep(manifest, style): string (one page)

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
