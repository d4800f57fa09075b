/**
 * Azure Pipelines' logging commands: what the agent acts on wherever it stands in a line.
 *
 * Escaping as in microsoft/azure-pipelines-task-lib, node/taskcommand.ts; what undoes it is
 * microsoft/azure-pipelines-agent, src/Agent.Sdk/CommandStringConvertor.cs, with DECODE_PERCENTS on, its default.
 */
import { onOneLine, withBrokenHashMarks, withoutLastLineEnd } from "../command-marks.ts";
import type { Annotation, LogDialect } from "../log-dialect.ts";
import { secretLines } from "../secret-lines.ts";

const escapeData = (text: string): string =>
  text.replaceAll("%", "%AZP25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");

const escapeProperty = (text: string): string =>
  escapeData(text).replaceAll("]", "%5D").replaceAll(";", "%3B");

/**
 * One command in one line: `loggingCommand("task", "logissue", { type: "error" }, "No quota")` is
 * `##vso[task.logissue type=error;]No quota`. Area, event and the names of properties are ours, and written as they
 * are; values and data may be anything. A property without a value is left out: the agent drops it.
 */
export const loggingCommand = (
  area: string,
  event: string,
  properties: Readonly<Record<string, string>>,
  data: string,
): string => {
  const written = Object.entries(properties)
    .filter(([, value]) => value !== "")
    .map(([name, value]) => `${name}=${escapeProperty(value)};`);
  const head = [`${area}.${event}`, written.join("")].filter((part) => part !== "").join(" ");
  return `##vso[${head}]${escapeData(data)}`;
};

/** What the agent shows as `error P0123:` after the place: only a title that is a code, not one that is a sentence. */
const isCode = (title: string): boolean => /^[A-Za-z]+\d+$/.test(title);

/**
 * The agent writes path, code and message on into the log, whose viewer draws `##[...]`: so those marks are broken.
 * A notice has no type of issue: it is text.
 */
const annotation = ({ severity, title = "", message, place }: Annotation): string => {
  if (severity === "notice") {
    const where = place ? `${place.file}(${place.line},${place.column})` : "";
    return harmless([where, title, message].filter((part) => part !== "").join(": "));
  }
  const coded = place !== undefined && isCode(title);
  const where = place && {
    sourcepath: withBrokenHashMarks(place.file),
    linenumber: `${place.line}`,
    columnnumber: `${place.column}`,
    code: coded ? title : "",
  };
  const text = coded || title === "" ? message : `${title}: ${message}`;
  return loggingCommand("task", "logissue", { type: severity, ...where }, withBrokenHashMarks(text));
};

const harmless = (text: string): string => withBrokenHashMarks(withoutLastLineEnd(text));

export const azurePipelinesDialect: LogDialect = {
  harmless,
  // The agent has no command for groups: its viewer reads these lines as they are, so nothing is escaped in them.
  groupStart: (title) => `##[group]${withBrokenHashMarks(onOneLine(title))}`,
  groupEnd: () => "##[endgroup]",
  annotation,
  mask: (text) =>
    secretLines(text)
      .map((line) => loggingCommand("task", "setsecret", {}, line))
      .join("\n"),
};
