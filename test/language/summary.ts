/** What the language says of a case's pipeline, as the lines that a case file holds. */
import { checkPipeline } from "../../src/language/check.ts";
import type { Diagnostic } from "../../src/language/diagnostic.ts";
import { resolveInputs } from "../../src/language/inputs.ts";
import type { Pipeline } from "../../src/language/pipeline.ts";
import type { Case } from "./case.ts";
import { fixtureManifest } from "./fixture-manifest.ts";

const diagnosticLines = ({ code, severity, message, location, hint, related }: Diagnostic): string[] => [
  `${code} ${location.start.line}:${location.start.column}${severity === "warning" ? " warning:" : ""} ${message}`,
  ...(hint === undefined ? [] : [`  hint: ${hint}`]),
  ...related.map(
    (place) => `  at ${place.location.start.line}:${place.location.start.column}: ${place.message}`,
  ),
];

const pipelineLines = (pipeline: Pipeline): string[] => [
  `pipeline ${pipeline.name}`,
  ...[...pipeline.steps.values()].map((step) =>
    [
      `step ${step.id}: ${step.uses}`,
      step.dependencies.size > 0 ? ` after ${[...step.dependencies.keys()].join(", ")}` : "",
      step.if ? ` if ${step.if.source}` : "",
      step.timeout === undefined ? "" : ` within ${step.timeout} ms`,
      step.protect ? " protected" : "",
      step.adopt ? " adopting" : "",
      step.replace ? " replaceable" : "",
    ].join(""),
  ),
  ...[...pipeline.outputs.values()].map(
    (output) => `output ${output.name}${output.secret ? " (secret)" : ""}`,
  ),
];

/** The lines, each ended. */
export const summary = ({ text, given, shown }: Pick<Case, "text" | "given" | "shown">): string => {
  const { pipeline, diagnostics } = checkPipeline(text, { file: "case.yaml", manifest: fixtureManifest });
  const lines = diagnostics.flatMap(diagnosticLines);
  if (pipeline) lines.push(...pipelineLines(pipeline));
  if (pipeline && given) {
    const values = Object.entries(given).map(
      ([name, value]) => [name, { value, from: "inputs.yaml" }] as const,
    );
    const resolved = resolveInputs(pipeline, new Map(values));
    lines.push(...resolved.diagnostics.flatMap(diagnosticLines));
    for (const [name, value] of resolved.inputs) lines.push(`input ${name} = ${JSON.stringify(value)}`);
  }
  const kept = lines.slice(0, shown);
  if (kept.length < lines.length) kept.push(...lines.slice(-1), `in all ${lines.length} lines`);
  return kept.map((line) => `${line}\n`).join("");
};
