/** Lines as they come, for a log or a pipe. */
import { eventLine } from "./event-line.ts";
import type { Reporter, Sink } from "./reporter.ts";
import type { Style } from "./style.ts";

export const createPlainReporter = (sink: Sink, style: Style): Reporter => ({
  event: (event) => {
    const line = eventLine(event, style);
    if (line !== undefined) sink.write(`${line}\n`);
  },
  close: () => {},
});
