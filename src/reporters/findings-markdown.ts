/** What preflight found, as Markdown for a job's summary: what is in the way first, what is well not at all. */
import type { Finding } from "../step/finding.ts";
import { cell, code } from "./markdown.ts";
import { printable } from "./style.ts";

export const renderFindingsMarkdown = (findings: readonly Finding[]): string => {
  const blockers = findings.filter(({ severity }) => severity === "blocker");
  const warnings = findings.filter(({ severity }) => severity === "warning");
  return `${[
    `### In the way: ${blockers.length}, before anything was changed`,
    [...blockers.flatMap(lines("❌")), ...warnings.flatMap(lines("⚠️"))].join("\n"),
  ].join("\n\n")}\n`;
};

const lines =
  (sign: string) =>
  ({ code: number, steps, message, hint }: Finding): readonly string[] => [
    `- ${sign} **${number}** ${steps.map(code).join(", ")}: ${cell(printable(message))}`,
    ...(hint === undefined ? [] : [`  - ${cell(printable(hint))}`]),
  ];
