/** Lines as they come, for a log or a pipe. */
import { eventLine, idWidth } from "./event-line.ts";
import type { Reporter, Sink } from "./reporter.ts";
import type { Style } from "./style.ts";

export const createPlainReporter = (sink: Sink, style: Style): Reporter => {
  let width = 0;
  return {
    event: (event) => {
      width = idWidth(event) ?? width;
      const line = eventLine(event, style, width);
      if (line !== undefined) sink.write(`${line}\n`);
    },
    close: () => {},
  };
};
