/** Every event as it is, one JSON document a line, for programs. */
import type { Reporter, Sink } from "./reporter.ts";

export const createJsonReporter = (sink: Sink): Reporter => ({
  event: (event) => sink.write(`${JSON.stringify(event)}\n`),
  close: () => {},
});
