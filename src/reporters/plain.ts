/** Lines as they come, for a log or a pipe. */
import { eventLine, idWidth } from "./event-line.ts";
import type { Reporter, Sink } from "./reporter.ts";
import type { Style } from "./style.ts";

export const createPlainReporter = (sink: Sink, style: Style): Reporter => {
  let width = 0;
  // A log is searched by line: what is one event stays one line.
  const unfolded = { ...style, columns: Number.POSITIVE_INFINITY };
  return {
    event: (event) => {
      width = idWidth(event) ?? width;
      const line = eventLine(event, unfolded, width);
      if (line !== undefined) sink.write(`${line}\n`);
    },
    close: () => {},
  };
};
