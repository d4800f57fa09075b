/**
 * GitHub Actions' workflow commands: lines that the runner acts on instead of printing them.
 *
 * Escaping as in actions/toolkit, packages/core/src/command.ts; what undoes it is actions/runner,
 * src/Runner.Common/ActionCommand.cs. `::stop-commands::` is not used for text of others: while it holds, our own
 * annotations and `::add-mask::` do nothing either, and a process killed in between leaves the runner deaf.
 */
import {
  onOneLine,
  withBrokenColonMarks,
  withBrokenHashMarks,
  withoutLastLineEnd,
} from "../command-marks.ts";
import type { Annotation, LogDialect } from "../log-dialect.ts";
import { secretLines } from "../secret-lines.ts";

const escapeData = (text: string): string =>
  text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");

const escapeProperty = (text: string): string =>
  escapeData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");

/** One line. The runner drops a property without a value, so none is written. */
const command = (name: string, properties: Readonly<Record<string, string>>, data: string): string => {
  const written = Object.entries(properties)
    .filter(([, value]) => value !== "")
    .map(([key, value]) => `${key}=${escapeProperty(value)}`);
  return `::${[name, written.join(",")].filter((part) => part !== "").join(" ")}::${escapeData(data)}`;
};

/**
 * The message goes on to the log, line by line, where the viewer draws `##[...]`: so those marks are broken in it. A
 * title is one line, without blanks around it, which the runner cuts off the last property anyway. It also cuts every
 * `=` off the beginning of a value, and knows no escape for it.
 */
const annotation = ({ severity, title, message, place }: Annotation): string => {
  const where = place && { file: place.file, line: `${place.line}`, col: `${place.column}` };
  return command(severity, { ...where, title: onOneLine(title ?? "") }, withBrokenHashMarks(message));
};

export const githubDialect: LogDialect = {
  harmless: (text) => withBrokenColonMarks(withBrokenHashMarks(withoutLastLineEnd(text))),
  groupStart: (title) => command("group", {}, withBrokenHashMarks(onOneLine(title))),
  groupEnd: () => "::endgroup::",
  annotation,
  mask: (text) =>
    secretLines(text)
      .map((line) => command("add-mask", {}, line))
      .join("\n"),
};
