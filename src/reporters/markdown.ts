/** Pieces of GitHub-flavoured Markdown, with texts of others made harmless. Azure Pipelines reads the same. */

import type { Shown } from "../plan/plan.ts";
import { renderJson } from "./shown.ts";
import { cut } from "./style.ts";

/** Characters of a value in a cell: the whole is in the log. */
const longestValue = 200;

/** Cells are Markdown already. */
export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");

/** Closed at first: for what is long and seldom wanted. */
export const folded = (title: string, content: string): string =>
  `<details><summary>${title}</summary>\n\n${content}\n\n</details>`;

/** Text as it is, in a block that no run of backticks in it can end. */
export const fenced = (language: string, text: string): string => {
  const longestRun = Math.max(2, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  const fence = "`".repeat(longestRun + 1);
  return `${fence}${language}\n${text.trimEnd()}\n${fence}`;
};

/**
 * A comment in between keeps GitHub from taking `@name` for a person to be told. It looks for people in what Markdown has
 * become, where `&#64;name` is one, too.
 */
const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  "@": "@<!-- -->",
};

/** Text of others in a cell or a line: no markup but code spans, no mentions of people, no second line. */
export const cell = (text: string): string =>
  text
    .replace(/[\r\n]+/g, " ")
    .split(/(`[^`]+`)/)
    .map((part, index) => (index % 2 === 1 ? code(part.slice(1, -1)) : plain(part)))
    .join("");

const plain = (text: string): string =>
  text.replace(/[\\`*_{}[\]&<>#|~@!]/g, (character) => entities[character] ?? `\\${character}`);

/** In a code span nothing is markup but its own fence; in a table a bar ends the cell all the same. */
export const code = (text: string): string => {
  const line = text.replace(/[\r\n]+/g, " ").replaceAll("|", "\\|");
  if (line === "") return "";
  const longestRun = Math.max(0, ...(line.match(/`+/g) ?? []).map((run) => run.length));
  const fence = "`".repeat(longestRun + 1);
  return longestRun > 0 ? `${fence} ${line} ${fence}` : `${fence}${line}${fence}`;
};

/** One value of a plan or a result, for a cell. */
export const shownCell = (shown: Shown): string => {
  switch (shown.kind) {
    case "value":
      return code(cut(renderJson(shown.value), longestValue));
    case "secret":
      return "(secret)";
    case "unknown":
      return cell(`(known after ${shown.after.join(", ")})`);
    case "nothing":
      return "";
  }
};
