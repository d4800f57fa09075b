/** What stopped a job before or outside its steps: told in the log, at its place in the file, and in the summary. */
import type { InvalidPipeline } from "../../application/session.ts";
import type { Diagnostic, Location } from "../../language/diagnostic.ts";
import { renderDiagnostics } from "../../reporters/diagnostics.ts";
import { renderFailure } from "../../reporters/failure.ts";
import { type Annotation, withHint } from "../../reporters/log-dialect.ts";
import { cell, code, fenced } from "../../reporters/markdown.ts";
import { createStyle, printable, type Style } from "../../reporters/style.ts";
import { asFailure } from "../../run/persevere.ts";
import { report } from "../../run/report.ts";
import { codeOfFailure, type ExitCode, exitCodes } from "../exit-codes.ts";
import type { JobHost } from "./host.ts";
import type { Cleaned } from "./masking.ts";

export interface Trouble {
  readonly host: JobHost;
  readonly say: (text: string) => void;
  /** Whether an annotation said this already, at its place. */
  readonly said: (message: string) => boolean;
  readonly annotate: (annotation: Annotation) => void;
  readonly style: Style;
  readonly cleaned: Cleaned;
  readonly placeOf: (location: Location) => Annotation["place"];
}

const plain = createStyle({ color: false, columns: 100, unicode: true });

export const tellInvalid = async (error: InvalidPipeline, trouble: Trouble): Promise<ExitCode> => {
  const { host, say, annotate, style, cleaned } = trouble;
  const diagnostics = error.diagnostics.map((diagnostic) => cleaned(diagnostic));
  say(renderDiagnostics(diagnostics, () => error.text, style));
  for (const diagnostic of diagnostics) annotate(annotationOf(diagnostic, trouble));
  const text = renderDiagnostics(diagnostics, () => error.text, plain);
  await host.summary(`### The pipeline is not valid\n\n${fenced("", text)}\n`);
  return exitCodes.invalid;
};

/** Of a pipeline that is valid all the same. */
export const tellWarnings = (diagnostics: readonly Diagnostic[], trouble: Trouble): void => {
  for (const diagnostic of diagnostics) trouble.annotate(annotationOf(trouble.cleaned(diagnostic), trouble));
};

const annotationOf = (
  { severity, code: number, message, hint, location }: Diagnostic,
  { placeOf }: Pick<Trouble, "placeOf">,
): Annotation => ({
  severity,
  title: number,
  message: withHint(message, hint),
  place: placeOf(location),
});

export const tellFailure = async (
  error: unknown,
  { host, say, said, annotate, style, cleaned }: Trouble,
): Promise<ExitCode> => {
  const failure = asFailure(error, host.signals.signal);
  const own = host.hintFor?.(failure);
  const told = cleaned({ ...report(failure), ...(own === undefined ? {} : { hint: own }) });
  const { message, code: number, hint } = told;
  const text = withHint(message, hint);
  // What a step's failure said at its place is not said again of the run that it ended.
  if (!said(text)) {
    say(renderFailure(told, style));
    annotate({ severity: "error", title: number, message: text });
  }
  if (failure.kind === "unexpected" && host.machine.variables.PROVISION_DEBUG)
    say(error instanceof Error ? (error.stack ?? error.message) : String(error));
  const evidence = told.evidence.map(printable).join("\n");
  await host.summary(
    `${[
      `### ${failure.kind === "cancelled" ? "Cancelled" : "Failed"}`,
      `**${code(number)}** ${cell(printable(message))}`,
      ...(hint === undefined ? [] : [`> ${cell(printable(hint))}`]),
      ...(evidence === "" ? [] : [fenced("", evidence)]),
    ].join("\n\n")}\n`,
  );
  return codeOfFailure(failure);
};
