/** The help texts: the list of commands, and each command's own page. */
import type { Command, Option } from "./command.ts";
import { helpOption } from "./options.ts";

export const overview = (all: readonly Command[], version: string): string => {
  const commands = all.filter(({ hidden }) => !hidden);
  const width = Math.max(...commands.map(({ name }) => name.length));
  return [
    `provision ${version}: from one YAML file to a verified cluster`,
    "",
    "Usage: provision COMMAND [PIPELINE] [OPTIONS]",
    "",
    ...commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`),
    "",
    "Begin in a folder of your own, and have CI run it:",
    "  provision init",
    "",
    "Try it without a cloud and without credentials:",
    "  provision plan --offline pipelines/aks-nginx-flux.yaml --input domain=example.com",
    "  provision up --sandbox pipelines/aks-nginx-flux.yaml --input domain=example.com",
    "",
    "`provision COMMAND --help` shows a command's options and examples.",
    "",
  ].join("\n");
};

export const commandHelp = (command: Command): string => {
  const options = [...command.options, helpOption];
  const width = Math.max(...options.map((option) => nameOf(option).length));
  return [
    command.summary,
    "",
    `Usage: provision ${command.usage}`,
    "",
    "Options:",
    ...options.map((option) => `  ${nameOf(option).padEnd(width)}  ${option.help}`),
    ...(command.examples.length > 0 ? ["", "Examples:"] : []),
    ...command.examples.flatMap(({ command: line, what }) => [`  # ${what}`, `  ${line}`]),
    "",
  ].join("\n");
};

const nameOf = ({ name, kind, value }: Option): string =>
  kind === "flag" ? `--${name}` : `--${name} ${value ?? "VALUE"}`;
