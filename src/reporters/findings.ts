/** What preflight found: which steps ask for it, what it is, what to do about it. */
import type { Finding } from "../step/finding.ts";
import { printable, type Style, wrap } from "./style.ts";

/** All in their order, and how many of each weight. */
export const renderFindings = (findings: readonly Finding[], style: Style): string =>
  [...findings.flatMap((finding) => findingLines(finding, style)), "", summary(findings, style), ""].join(
    "\n",
  );

export const findingLines = (finding: Finding, style: Style): readonly string[] => {
  const width = Math.max(30, style.columns - 10);
  const indent = " ".repeat(9);
  const about = `${named(finding.steps)}: `;
  const [first = "", ...rest] = wrap(printable(`${about}${finding.message}`), width);
  // Bold where the steps fit a line; of more lines, none.
  const head = first.startsWith(about) ? style.strong(about) + first.slice(about.length) : first;
  return [
    `${markOf(finding.severity, style)} ${style.faint(finding.code)}  ${head}`,
    ...rest.map((line) => `${indent}${line}`),
    ...(finding.hint === undefined
      ? []
      : wrap(printable(finding.hint), width).map((line) => `${indent}${style.faint(line)}`)),
  ];
};

/** Most are one step's or a few's; what half the pipeline needs is not worth half a screen. */
const named = (steps: readonly string[]): string =>
  steps.length <= 4 ? steps.join(", ") : `${steps.slice(0, 3).join(", ")} and ${steps.length - 3} more`;

const markOf = (severity: Finding["severity"], { symbols, ...style }: Style): string => {
  switch (severity) {
    case "blocker":
      return style.failure(symbols.failed);
    case "warning":
      return style.warning("!");
    case "ok":
      return style.success(symbols.done);
  }
};

const summary = (findings: readonly Finding[], style: Style): string => {
  const count = (severity: Finding["severity"]) =>
    findings.filter((each) => each.severity === severity).length;
  const [blockers, warnings, well] = [count("blocker"), count("warning"), count("ok")];
  const parts = [
    blockers > 0 ? style.failure(`${blockers} in the way`) : undefined,
    warnings > 0 ? style.warning(`${warnings} worth a look`) : undefined,
    well > 0 ? style.success(`${well} as needed`) : undefined,
  ];
  return `Preflight: ${parts.filter(Boolean).join(", ") || "nothing to ask"}.`;
};
