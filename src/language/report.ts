/** Collects what is found wrong, so that a check goes on after the first error. */
import type { Code } from "./codes.ts";
import type { Diagnostic, RelatedLocation } from "./diagnostic.ts";
import { limits } from "./limits.ts";
import type { Source, Span } from "./source.ts";

export interface Details {
  /** A sentence, or a function that finds one; it is called only while suggestions are still given. */
  readonly hint?: string | (() => string | undefined) | undefined;
  readonly related?: readonly RelatedLocation[] | undefined;
}

export interface Report {
  error(code: Code, span: Span, message: string, details?: Details): void;
  warning(code: Code, span: Span, message: string, details?: Details): void;
  readonly errors: number;
  readonly diagnostics: readonly Diagnostic[];
}

export const createReport = (source: Source): Report => {
  const diagnostics: Diagnostic[] = [];
  let errors = 0;

  const add = (
    severity: Diagnostic["severity"],
    code: Code,
    span: Span,
    message: string,
    details: Details,
  ): void => {
    if (severity === "error") errors++;
    if (diagnostics.length > limits.diagnostics) return;
    if (diagnostics.length === limits.diagnostics) {
      diagnostics.push({
        code: "P0018",
        severity: "error",
        message: `There are more than ${limits.diagnostics} problems; the rest are left out.`,
        location: source.locate(span),
        related: [],
      });
      return;
    }
    const hint =
      typeof details.hint === "function"
        ? diagnostics.length < limits.suggestions
          ? details.hint()
          : undefined
        : details.hint;
    diagnostics.push({
      code,
      severity,
      message,
      location: source.locate(span),
      related: details.related ?? [],
      ...(hint === undefined ? {} : { hint }),
    });
  };

  return {
    error: (code, span, message, details = {}) => add("error", code, span, message, details),
    warning: (code, span, message, details = {}) => add("warning", code, span, message, details),
    get errors() {
      return errors;
    },
    diagnostics,
  };
};
