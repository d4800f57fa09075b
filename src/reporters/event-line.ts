/** One event as one line, or none where it is not worth one: shared by every reporter that writes lines. */
import type { TimedEvent } from "../run/event.ts";
import { duration, type Style } from "./style.ts";

export const eventLine = (event: TimedEvent, style: Style): string | undefined => {
  const { symbols } = style;
  switch (event.kind) {
    case "observing":
      return style.faint(`looking at ${event.steps} steps`);
    case "step-started":
      return event.action === "none" || event.action === "read" || event.action === "leave"
        ? undefined
        : `${symbols.running} ${event.step} ${style.faint(event.action)}`;
    case "operation":
      return `${symbols.waiting} ${event.step}: ${event.operation}${event.joined ? ` (joined${sinceText(event.since, event.at)})` : ""}`;
    case "waiting":
      return `${symbols.waiting} ${event.step}: ${event.reason}`;
    case "retrying":
      return style.warning(
        `${symbols.waiting} ${event.step}: ${event.failure.message}; again in ${duration(event.delay)}`,
      );
    case "notice":
      return `${event.step === undefined ? "" : `${event.step}: `}${event.message}`;
    case "warning":
      return [
        style.warning(
          `warning[${event.code}] ${event.step === undefined ? "" : `${event.step}: `}${event.message}`,
        ),
        ...(event.hint === undefined ? [] : [`  ${style.faint("hint")}  ${event.hint}`]),
      ].join("\n");
    case "step-done":
      return `${style.success(symbols.done)} ${event.step} ${style.faint([event.detail, duration(event.took)].filter(Boolean).join(", "))}`;
    case "step-failed":
      return `${style.failure(symbols.failed)} ${event.step}: ${event.failure.message}`;
    case "step-skipped":
      return style.faint(`${symbols.skipped} ${event.step} not begun (${event.because})`);
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

const sinceText = (since: number | undefined, now: number): string =>
  since === undefined ? "" : `, ${duration(Math.max(0, now - since))} so far`;

const leaseLine = (event: Extract<TimedEvent, { kind: "lease" }>, style: Style): string | undefined => {
  const name = event.cluster.split("/").at(-1)?.split("#")[0] ?? event.cluster;
  switch (event.state) {
    case "waiting":
      return style.warning(
        `${style.symbols.waiting} waiting for another run on ${name}${event.holder ? ` (${event.holder})` : ""}`,
      );
    case "lost":
      return style.failure(`${style.symbols.failed} the Lease of ${name} was lost to another run`);
    case "held":
    case "released":
      return undefined;
  }
};
