/** Progress on a terminal: what happened scrolls up as lines, what happens is drawn in place below and kept current. */
import type { TimedEvent } from "../run/event.ts";
import type { Clock } from "../step/context.ts";
import { eventLine, idWidth } from "./event-line.ts";
import { frame } from "./live-frame.ts";
import { advance, noProgress } from "./progress.ts";
import type { Reporter, Sink } from "./reporter.ts";
import type { Style } from "./style.ts";

/** Milliseconds between two drawings where nothing happens: the times are in seconds. */
const period = 1000;

/** May be used again after `close`, which only takes the drawing off the screen. */
export const createLiveReporter = (
  sink: Sink,
  style: Style,
  clock: Pick<Clock, "now" | "sleep">,
): Reporter => {
  let progress = noProgress;
  let drawn = 0;
  let ticking: AbortController | undefined;
  let width = 0;

  /** One write for all, so that the screen never shows a half. */
  const draw = (above: string, lines: readonly string[]) => {
    const up = drawn > 0 ? `\u001b[${drawn}A\u001b[0J` : "";
    const text = `${up}${above}${lines.map((line) => `${line}\n`).join("")}`;
    drawn = lines.length;
    if (text !== "") sink.write(text);
  };

  const redraw = (above = "") =>
    draw(above, frame(progress, clock.now(), { ...style, columns: sink.columns }));

  const tick = async (signal: AbortSignal) => {
    while (!signal.aborted) {
      await clock.sleep(period, signal);
      if (drawn > 0) redraw();
    }
  };

  return {
    event: (event) => {
      progress = advance(progress, event);
      width = idWidth(event) ?? width;
      const line = inFrame(event) ? undefined : eventLine(event, { ...style, columns: sink.columns }, width);
      redraw(line === undefined ? "" : `${line}\n`);
      if (drawn > 0 && !ticking) {
        ticking = new AbortController();
        // Ends by the signal's reason, which is the only way that a clock's sleep fails.
        tick(ticking.signal).catch(() => {});
      }
    },
    close: () => {
      ticking?.abort();
      ticking = undefined;
      draw("", []);
    },
  };
};

/** Told by the frame as long as it lasts, so not worth a line that stays. */
const inFrame = ({ kind }: TimedEvent): boolean => {
  switch (kind) {
    case "observing":
    case "observed":
    case "planned":
    case "run-started":
    case "step-started":
    case "operation":
    case "waiting":
    case "retrying":
    case "verifying":
      return true;
    case "notice":
    case "warning":
    case "finding":
    case "step-done":
    case "step-failed":
    case "step-skipped":
    case "lease":
    case "cancelling":
    case "run-ended":
      return false;
  }
};
