/** What preflight found: blockers first, each with what to do; then what is well. */
import { type Style, wrap } from "./style.ts";

/** One row: preflight's own type has the same form. */
export interface Finding {
  readonly code: string;
  readonly severity: "blocker" | "warning" | "ok";
  readonly message: string;
  readonly hint?: string | undefined;
}

const order = ["blocker", "warning", "ok"] as const;

export const renderFindings = (findings: readonly Finding[], style: Style): string => {
  const sorted = findings.toSorted((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity));
  return [
    ...sorted.flatMap((finding) => findingLines(finding, style)),
    "",
    summary(findings, style),
    "",
  ].join("\n");
};

const findingLines = ({ code, severity, message, hint }: Finding, style: Style): readonly string[] => {
  const mark = markOf(severity, style);
  const width = Math.max(30, style.columns - 10);
  const [first = "", ...rest] = wrap(message, width);
  return [
    `${mark} ${style.faint(code)}  ${first}`,
    ...rest.map((line) => `         ${line}`),
    ...(hint === undefined ? [] : wrap(hint, width).map((line) => `         ${style.faint(line)}`)),
  ];
};

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
