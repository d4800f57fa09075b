/**
 * A host shows only so many annotations of a job, the first that it reads. What comes later stays in the log as a line,
 * and the last place of each severity says how much that was.
 */
import type { Annotation, LogDialect } from "../../reporters/log-dialect.ts";

export interface Limited {
  readonly dialect: LogDialect;
  /** Whether this was said already, at a place of its own. */
  readonly said: (message: string) => boolean;
  /** What stands in the last places, once nothing more comes. */
  readonly withheld: () => readonly Annotation[];
}

const severities = ["error", "warning", "notice"] as const;

/** `limit`: of each severity; undefined withholds nothing. Steps fail in the order in which causes come before effects. */
export const withLimit = (dialect: LogDialect, limit = Number.POSITIVE_INFINITY): Limited => {
  const counts = { error: 0, warning: 0, notice: 0 };
  const over = (severity: Annotation["severity"]) => Math.max(0, counts[severity] - (limit - 1));
  const placed = new Set<string>();
  return {
    said: (message) => placed.has(message),
    dialect: {
      ...dialect,
      annotation: (annotation) => {
        if (annotation.place) placed.add(annotation.message);
        counts[annotation.severity] += 1;
        return over(annotation.severity) === 0
          ? dialect.annotation(annotation)
          : dialect.harmless(line(annotation));
      },
    },
    withheld: () =>
      severities
        .filter((severity) => over(severity) > 0)
        .map((severity) => ({
          severity,
          message: `${over(severity)} more of this kind: they stand in the log, each where it came up.`,
        })),
  };
};

const line = ({ severity, title, message, place }: Annotation): string => {
  const at = place === undefined ? "" : ` ${place.file}:${place.line}:${place.column}`;
  return `${severity}${title === undefined ? "" : ` ${title}`}${at}: ${message}`;
};
