/** Every event as it is, one JSON document a line, for programs. */
import { eventVersion } from "../run/event.ts";
import type { Reporter, Sink } from "./reporter.ts";

export const createJsonReporter = (sink: Sink): Reporter => ({
  event: (event) => sink.write(`${JSON.stringify({ version: eventVersion, ...event })}\n`),
  close: () => {},
});
