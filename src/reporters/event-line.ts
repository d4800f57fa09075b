/** One event as one line, or none where it is not worth one: shared by every reporter that writes lines. */
import type { TimedEvent } from "../run/event.ts";
import { findingLines } from "./findings.ts";
import { duration, printable, type Style, wrap } from "./style.ts";

/** `width`: columns for a step's id, so that what stands behind it is aligned. */
export const eventLine = (event: TimedEvent, style: Style, width = 0): string | undefined => {
  const { symbols } = style;
  const of = (step: string) => step.padEnd(width);
  const about = (step: string | undefined) => (step === undefined ? "" : `${step}: `);
  switch (event.kind) {
    case "observing":
      return style.faint(`looking at ${event.steps} steps`);
    case "step-started":
      return event.action === "none" || event.action === "read" || event.action === "leave"
        ? undefined
        : `${style.accent(symbols.running)} ${of(event.step)}  ${style.faint(event.action)}`;
    case "operation": {
      const joined = event.joined ? ` (joined${sinceText(event.since, event.at)})` : "";
      return `${symbols.waiting} ${of(event.step)}  ${printable(event.operation)}${joined}`;
    }
    case "waiting":
      return `${symbols.waiting} ${of(event.step)}  ${printable(event.reason)}`;
    case "retrying": {
      const again = `again in ${duration(event.delay)}`;
      return `${symbols.waiting} ${of(event.step)}  ${style.warning(`${printable(event.failure.message)}; ${again}`)}`;
    }
    case "notice":
      return `${style.faint("note")} ${hanging(`${about(event.step)}${printable(event.message)}`, 5, style)}`;
    case "warning":
      return [
        `${style.warning(`warning[${event.code}]`)} ${hanging(`${about(event.step)}${printable(event.message)}`, 15, style)}`,
        ...(event.hint === undefined
          ? []
          : [`  ${style.faint("hint")}  ${hanging(printable(event.hint), 8, style)}`]),
      ].join("\n");
    case "finding":
      return event.severity === "ok" ? undefined : findingLines(event, style).join("\n");
    case "step-done": {
      const facts = [event.detail === undefined ? undefined : printable(event.detail), duration(event.took)];
      const sign = event.verified === false ? style.warning(symbols.skipped) : style.success(symbols.done);
      return `${sign} ${of(event.step)}  ${style.faint(facts.filter(Boolean).join(", "))}`;
    }
    case "step-failed":
      return `${style.failure(symbols.failed)} ${of(event.step)}  ${printable(event.failure.message)}`;
    case "step-skipped":
      return style.faint(`${symbols.skipped} ${of(event.step)}  not begun (${event.because})`);
    case "lease":
      return leaseLine(event, style);
    case "cancelling":
      return style.warning(
        "Finishing what runs; nothing new begins. Ctrl-C again ends at once: the next run goes on from there.",
      );
    case "observed":
    case "planned":
    case "run-started":
    case "verifying":
    case "run-ended":
      return undefined;
  }
};

/** Text that begins at a column and, where it is too wide, goes on below that column. */
const hanging = (text: string, column: number, style: Style): string =>
  wrap(text, Math.max(30, style.columns - column)).join(`\n${" ".repeat(column)}`);

/** The columns that ids take, from the event that tells all of them. */
export const idWidth = (event: TimedEvent): number | undefined =>
  event.kind === "run-started" ? Math.max(0, ...event.steps.map(({ id }) => id.length)) : undefined;

const sinceText = (since: number | undefined, now: number): string =>
  since === undefined ? "" : `, ${duration(Math.max(0, now - since))} so far`;

const leaseLine = (event: Extract<TimedEvent, { kind: "lease" }>, style: Style): string | undefined => {
  const name = event.cluster.split("/").at(-1)?.split("#")[0] ?? event.cluster;
  switch (event.state) {
    case "waiting":
      return style.warning(
        `${style.symbols.waiting} waiting for another run on ${name}${event.holder ? ` (${event.holder})` : ""}`,
      );
    case "taken":
      return style.failure(`${style.symbols.failed} the Lease of ${name} was lost to another run`);
    case "unrenewed":
      return style.failure(
        `${style.symbols.failed} the Lease of ${name} could not be renewed: its API did not answer in time`,
      );
    case "held":
    case "released":
      return undefined;
  }
};
