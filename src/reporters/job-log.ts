/**
 * A run as a CI host's log. Groups of such a log can't hold each other, and steps run at the same time: so a line
 * tells at once what begins and ends, and what a step said on its way stands in a group of its own when it ends.
 */
import type { Clock } from "../step/context.ts";
import { eventLine, idWidth } from "./event-line.ts";
import { renderFailure } from "./failure.ts";
import { doingText } from "./live-frame.ts";
import { type Annotation, type LogDialect, withHint } from "./log-dialect.ts";
import { advance, noProgress } from "./progress.ts";
import type { Reporter } from "./reporter.ts";
import { duration, printable, type Style } from "./style.ts";

export interface JobLogOptions {
  readonly write: (text: string) => void;
  readonly dialect: LogDialect;
  readonly style: Style;
  readonly clock: Pick<Clock, "now" | "sleep">;
  /** Where a step stands in its file. */
  readonly placeOf: (step: string) => Annotation["place"];
}

/** Milliseconds of silence after which the log says what it waits for. */
const silence = 30_000;

export const createJobLog = ({ write, dialect, style, clock, placeOf }: JobLogOptions): Reporter => {
  let progress = noProgress;
  let width = 0;
  let ticking: AbortController | undefined;
  let lastWrite = clock.now();
  const said = new Map<string, string[]>();

  const line = (text: string) => {
    lastWrite = clock.now();
    write(`${dialect.harmless(text)}\n`);
  };
  const command = (text: string) => write(`${text}\n`);
  const annotate = (annotation: Annotation, step: string | undefined) => {
    command(dialect.annotation({ ...annotation, place: step === undefined ? undefined : placeOf(step) }));
  };
  const group = (title: string, lines: readonly string[]) => {
    if (lines.length === 0) return line(title);
    command(dialect.groupStart(title));
    for (const each of lines) line(each);
    command(dialect.groupEnd());
  };

  const heartbeat = async (signal: AbortSignal) => {
    while (!signal.aborted) {
      await clock.sleep(silence, signal);
      if (clock.now() - lastWrite < silence) continue;
      for (const step of progress.running) {
        const doing = printable(doingText(step, clock.now())).replaceAll("\n", " ");
        line(
          style.faint(
            `  … ${step.id.padEnd(width)}  ${duration(clock.now() - step.since).padStart(6)}  ${doing}`,
          ),
        );
      }
    }
  };
  const rest = () => {
    ticking?.abort();
    ticking = undefined;
  };

  return {
    event: (event) => {
      progress = advance(progress, event);
      width = idWidth(event) ?? width;
      const text = eventLine(event, style, width);
      switch (event.kind) {
        case "run-started":
          ticking ??= new AbortController();
          // Ends by the signal's reason, which is the only way that a clock's sleep fails.
          heartbeat(ticking.signal).catch(() => {});
          break;
        case "run-ended":
          rest();
          break;
        case "step-started":
          said.set(event.step, []);
          if (text !== undefined) line(text);
          break;
        case "operation":
        case "waiting":
        case "retrying":
          keep(said, event.step, text);
          break;
        case "notice":
          if (event.step === undefined || !keep(said, event.step, text)) line(text ?? "");
          break;
        case "warning":
          annotate(
            { severity: "warning", title: event.code, message: withHint(event.message, event.hint) },
            event.step,
          );
          break;
        case "finding":
          if (text !== undefined) line(text);
          if (event.severity !== "ok")
            annotate(
              {
                severity: event.severity === "blocker" ? "error" : "warning",
                title: event.code,
                message: withHint(event.message, event.hint),
              },
              event.steps[0],
            );
          break;
        case "step-done":
          group(text ?? event.step, taken(said, event.step));
          break;
        case "step-failed": {
          const { failure } = event;
          group(text ?? event.step, taken(said, event.step));
          line(renderFailure(failure, style, event.step).trimEnd());
          annotate(
            {
              severity: "error",
              title: `${failure.code} ${event.step}`,
              message: withHint(failure.message, failure.hint),
            },
            event.step,
          );
          break;
        }
        case "observing":
        case "step-skipped":
        case "lease":
        case "cancelling":
          if (text !== undefined) line(text);
          break;
        case "observed":
        case "planned":
        case "verifying":
          break;
      }
    },
    close: rest,
  };
};

/** False where the step has not begun, or has ended: nothing will show what it said. */
const keep = (said: ReadonlyMap<string, string[]>, step: string, text: string | undefined): boolean => {
  const lines = said.get(step);
  if (text !== undefined && lines && lines.at(-1) !== text) lines.push(text);
  return lines !== undefined;
};

const taken = (said: Map<string, string[]>, step: string): readonly string[] => {
  const lines = said.get(step) ?? [];
  said.delete(step);
  return lines;
};
