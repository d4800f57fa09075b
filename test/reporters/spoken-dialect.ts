/** A host's log that only says what it was told: for tests of what is said, not of how a host spells it. */
import type { LogDialect } from "../../src/reporters/log-dialect.ts";

export const spokenDialect: LogDialect = {
  harmless: (text) => text,
  groupStart: (title) => `> ${title}`,
  groupEnd: () => "<",
  annotation: ({ severity, title, message, place }) =>
    `${severity}: ${title ?? ""}: ${message.replaceAll("\n", " / ")}${place ? ` at ${place.file}:${place.line}` : ""}`,
  mask: (text) => `mask ${text}`,
};
