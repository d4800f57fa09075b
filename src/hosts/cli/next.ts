/** The next command, as a person would type it: with the options that the one before was given. */
import type { Invocation } from "./command.ts";

const carried = ["inputs", "subscription", "azure-endpoint", "charts", "kubeconfig"];

export const commandLine = (
  { given }: Invocation,
  command: string,
  file: string,
  ...more: readonly string[]
): string => {
  const words = ["provision", command, quoted(file)];
  for (const input of given.list("input")) words.push("--input", quoted(input));
  for (const name of carried) {
    const value = given.text(name);
    if (value !== undefined) words.push(`--${name}`, quoted(value));
  }
  if (given.flag("sandbox")) words.push("--sandbox");
  return [...words, ...more].join(" ");
};

/** For a POSIX shell. */
const quoted = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
