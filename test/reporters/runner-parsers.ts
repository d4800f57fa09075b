/**
 * How the two vendors' programs read a step's output, ported line by line, as something that is not our own opinion:
 * - GitHub: actions/runner at 258d6c857 (2.336.0): src/Runner.Common/ActionCommand.cs, src/Runner.Worker/
 *   ActionCommandManager.cs, src/Runner.Worker/Handlers/OutputManager.cs, src/Runner.Sdk/ProcessInvoker.cs;
 * - Azure Pipelines: microsoft/azure-pipelines-agent at 42bde98be (5.278.0): src/Microsoft.VisualStudio.Services.Agent/
 *   Command.cs, src/Agent.Sdk/CommandStringConvertor.cs, src/Agent.Worker/WorkerCommandManager.cs,
 *   src/Agent.Worker/TaskCommandExtension.cs, src/Agent.Sdk/ProcessInvoker.cs.
 */
import {
  type Comparison,
  indexOf,
  readLines,
  splitPair,
  startsWith,
  trim,
  trimStart,
} from "./dotnet-text.ts";

export interface Command {
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly data: string;
}

/** What a host makes of an output. */
export interface Reading {
  /** What it acts on, in order. */
  readonly commands: readonly Command[];
  /** What it writes into the log, whose viewer looks for `##[...]` at the beginning of each line. */
  readonly log: readonly string[];
  /** What it complains about. */
  readonly warnings: readonly string[];
}

const parseProperties = (
  text: string,
  separator: string,
  restore: (value: string) => string,
): Readonly<Record<string, string>> => {
  const pairs = text
    .split(separator)
    .filter((part) => part !== "")
    .map(splitPair);
  return Object.fromEntries(
    pairs.flatMap(([key, value]) =>
      key !== undefined && value !== undefined ? [[key, restore(value)]] : [],
    ),
  );
};

type Mapping = readonly (readonly [token: string, replacement: string])[];

const unescapeWith =
  (mappings: Mapping) =>
  (escaped: string): string =>
    mappings.reduce((text, [token, replacement]) => text.replaceAll(replacement, () => token), escaped);

const unescapeOld = unescapeWith([
  [";", "%3B"],
  ["\r", "%0D"],
  ["\n", "%0A"],
  ["]", "%5D"],
  ["%", "%25"],
]);
const unescapeData = unescapeWith([
  ["\r", "%0D"],
  ["\n", "%0A"],
  ["%", "%25"],
]);
const unescapeProperty = unescapeWith([
  ["\r", "%0D"],
  ["\n", "%0A"],
  [":", "%3A"],
  [",", "%2C"],
  ["%", "%25"],
]);
const unescapeAzure = unescapeWith([
  [";", "%3B"],
  ["\r", "%0D"],
  ["\n", "%0A"],
  ["]", "%5D"],
  ["%", "%AZP25"],
]);

/** Command and properties at the first space. */
const splitInfo = (info: string): readonly [name: string, properties: string] => {
  const space = info.indexOf(" ");
  return space < 0 ? [info, ""] : [info.slice(0, space), space > 0 ? info.slice(space + 1) : ""];
};

type IsRegistered = (name: string) => boolean;

/** ActionCommand.TryParseV2. */
const parseNew = (line: string, isRegistered: IsRegistered, comparison: Comparison): Command | undefined => {
  const message = trimStart(line);
  if (!startsWith(message, "::", comparison)) return undefined;
  const end = indexOf(message, "::", 2, comparison);
  if (end < 0) return undefined;
  const [name, properties] = splitInfo(message.slice(2, end));
  if (!isRegistered(name)) return undefined;
  return {
    name,
    properties: parseProperties(trim(properties), ",", unescapeProperty),
    data: unescapeData(message.slice(end + 2)),
  };
};

/** ActionCommand.TryParse: the old form, anywhere in a line. */
const parseOld = (line: string, isRegistered: IsRegistered, comparison: Comparison): Command | undefined => {
  const start = indexOf(line, "##[", 0, comparison);
  const end = start < 0 ? -1 : line.indexOf("]", start);
  if (end < 0 || end < start + 3) return undefined;
  const [name, properties] = splitInfo(line.slice(start + 3, end));
  if (!isRegistered(name)) return undefined;
  return {
    name,
    properties: parseProperties(properties, ";", unescapeOld),
    data: unescapeOld(line.slice(end + 1)),
  };
};

const githubCommands = [
  "stop-commands",
  "internal-set-repo-path",
  "set-env",
  "set-output",
  "save-state",
  "add-mask",
  "add-path",
  "add-matcher",
  "remove-matcher",
  "debug",
  "warning",
  "error",
  "notice",
  "group",
  "endgroup",
  "echo",
];

/** HashSet with StringComparer.OrdinalIgnoreCase. */
export const registeredOnGithub: IsRegistered = (name) => githubCommands.includes(name.toLowerCase());

/** What a group or an annotation writes into the log: GroupingCommandExtension, and AddIssue of ExecutionContext. */
const loggedByGithub = ({ name, data }: Command): readonly string[] => {
  switch (name.toLowerCase()) {
    case "group":
      return [`##[group]${data}`];
    case "endgroup":
      return ["##[endgroup]"];
    case "error":
    case "warning":
    case "notice":
      return [`##[${name.toLowerCase()}]${data}`];
    default:
      return [];
  }
};

const inLines = (written: readonly string[]): readonly string[] =>
  written.flatMap((text) => text.split(/\r\n|\n|\r/));

/** ActionCommandManager.TryProcessCommand for every line, with `notice` enabled, as it is on github.com. */
export const readAsGithub = (
  output: string,
  comparison: Comparison,
  isRegistered: IsRegistered = registeredOnGithub,
): Reading => {
  const commands: Command[] = [];
  const log: string[] = [];
  let stopToken: string | undefined;
  for (const line of readLines(output)) {
    const known: IsRegistered = (name) =>
      isRegistered(name) || (stopToken !== undefined && name.toLowerCase() === stopToken.toLowerCase());
    const command = parseNew(line, known, comparison) ?? parseOld(line, known, comparison);
    if (command && stopToken === undefined) {
      commands.push(command);
      log.push(...loggedByGithub(command));
      if (command.name.toLowerCase() === "stop-commands") stopToken = command.data;
    } else {
      if (command?.name.toLowerCase() === stopToken?.toLowerCase()) stopToken = undefined;
      log.push(line);
    }
  }
  return { commands, log: inLines(log), warnings: [] };
};

/** Command.TryParse, with `unescapePercents`, as the agent has it by default. */
const parseAzure = (line: string, comparison: Comparison): Command | undefined => {
  const start = indexOf(line, "##vso[", 0, comparison);
  const end = start < 0 ? -1 : line.indexOf("]", start);
  if (end < 0 || end < start + 6) return undefined;
  const [name, properties] = splitInfo(line.slice(start + 6, end));
  if (name.split(".").filter((part) => part !== "").length !== 2) return undefined;
  return {
    name,
    properties: parseProperties(properties, ";", unescapeAzure),
    data: unescapeAzure(line.slice(end + 1)),
  };
};

/** AddIssue writes the message into the log; TaskIssueCommand puts the place before it, where there is one. */
const loggedByAzure = ({ name, properties, data }: Command): readonly string[] => {
  const { type = "", sourcepath, linenumber = "", columnnumber = "", code = "" } = properties;
  if (name.toLowerCase() !== "task.logissue") return [];
  const place =
    sourcepath === undefined ? "" : `${sourcepath}(${linenumber},${columnnumber}): ${type} ${code}: `;
  return [`##[${type}]${place}${data}`];
};

/** WorkerCommandManager.TryProcessCommand for every line. Whatever parses counts, known to the agent or not. */
export const readAsAzure = (output: string, comparison: Comparison): Reading => {
  const commands: Command[] = [];
  const log: string[] = [];
  const warnings: string[] = [];
  for (const line of readLines(output)) {
    const command = parseAzure(line, comparison);
    if (command) {
      commands.push(command);
      log.push(...loggedByAzure(command));
      continue;
    }
    if (indexOf(line, "##vso", 0, comparison) >= 0) warnings.push(line);
    log.push(line);
  }
  return { commands, log: inLines(log), warnings };
};
