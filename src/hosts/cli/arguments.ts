/** Reads a command's arguments with Node's own parser; what is wrong with them is one clear Failure. */
import { parseArgs } from "node:util";
import { nearest } from "../../language/suggest.ts";
import { usageFailure } from "../usage.ts";
import type { Command, Given } from "./command.ts";
import { helpOption } from "./options.ts";

export const parseArguments = (command: Command, words: readonly string[]): Given => {
  const options = [...command.options, helpOption];
  const { values, positionals, tokens } = parseArgs({
    args: [...words],
    strict: false,
    allowPositionals: true,
    tokens: true,
    options: Object.fromEntries(
      options.map(({ name, kind }) => [
        name,
        { type: kind === "flag" ? ("boolean" as const) : ("string" as const), multiple: kind === "list" },
      ]),
    ),
  });
  const help = `see \`provision ${command.name} --help\``;
  for (const token of tokens) {
    if (token.kind !== "option") continue;
    const option = options.find(({ name }) => name === token.name);
    if (!option) {
      const near = nearest(
        token.name,
        options.map(({ name }) => name),
      );
      throw usageFailure(
        `\`provision ${command.name}\` has no option ${token.rawName}`,
        near ? `did you mean --${near}?` : help,
      );
    }
    if (option.kind !== "flag" && token.value === undefined) {
      throw usageFailure(
        `--${option.name} needs a value`,
        `write it as \`--${option.name} ${option.value ?? "VALUE"}\``,
      );
    }
    if (option.kind === "flag" && token.value !== undefined) {
      throw usageFailure(`--${option.name} takes no value`, help);
    }
  }
  const given: Given = {
    positionals,
    flag: (name) => values[name] === true,
    text: (name) => {
      const value = values[name];
      return typeof value === "string" ? value : undefined;
    },
    list: (name) => {
      const value = values[name];
      return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
    },
  };
  const { least, most } = command.positionals;
  if (!given.flag("help") && (positionals.length < least || positionals.length > most)) {
    const message =
      positionals.length < least ? "something is missing" : `\`${positionals[most]}\` is one word too many`;
    throw usageFailure(`${message}: provision ${command.usage}`, help);
  }
  return given;
};
