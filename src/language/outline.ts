/** The first pass over `steps:`: ids, types and conditions, which the second pass needs of every step. */

import type { StepManifest } from "../step/shape.ts";
import { mismatch } from "./assign.ts";
import type { CheckContext, StepOutline } from "./context.ts";
import { asMap, checkIdentifier, wrongForm } from "./fields.ts";
import { reportAbsent } from "./infer.ts";
import { limits } from "./limits.ts";
import type { ExpressionTemplate } from "./pipeline.ts";
import { hasExpression, placement } from "./scan.ts";
import type { Span } from "./source.ts";
import { nearest } from "./suggest.ts";
import { type TypedExpression, typedExpression, typedScalar } from "./templates.ts";
import { conjunctsOf } from "./tree.ts";
import type { Entry } from "./yaml-tree.ts";

const listHint = "`steps` maps ids to steps: write `build:` and below it what stood after `- id: build`.";

/** Outlines of all steps in the order of the file. The context's own `steps` is not looked at. */
export const outlineSteps = (entry: Entry, context: CheckContext): ReadonlyMap<string, StepOutline> => {
  const { report, source } = context;
  const outlines = new Map<string, StepOutline>();
  const map = asMap(entry.value, "`steps`", report, entry.value.kind === "list" ? listHint : undefined);
  if (!map) return outlines;
  if (map.entries.length === 0) report.error("P0118", entry.keySpan, "The pipeline has no steps.");
  if (map.entries.length > limits.steps) {
    report.error("P0002", entry.keySpan, `The file has more than ${limits.steps} steps.`);
    return outlines;
  }
  const folded = new Map<string, Span>();
  for (const step of map.entries) {
    if (!checkIdentifier(step, "a step", limits.identifierLength, report)) continue;
    const lower = step.key.toLowerCase();
    const first = folded.get(lower);
    if (first)
      report.error("P0106", step.keySpan, `The id \`${step.key}\` differs from another one only in case.`, {
        hint: "Ids end up in names that ignore case.",
        related: [{ message: "The other one.", location: source.locate(first) }],
      });
    folded.set(lower, step.keySpan);
    const node = asMap(step.value, `Step \`${step.key}\``, report);
    if (!node) continue;
    const condition = conditionOf(
      node.entries.find(({ key }) => key === "if"),
      context,
    );
    const uses = node.entries.find(({ key }) => key === "uses");
    outlines.set(step.key, {
      id: step.key,
      idSpan: step.keySpan,
      node,
      uses: uses?.value.kind === "scalar" ? String(uses.value.value) : "",
      manifest: manifestOf(step.key, step.keySpan, uses, context),
      condition,
      conjuncts: condition ? conjunctsOf(condition.tree) : [],
    });
  }
  return outlines;
};

const manifestOf = (
  id: string,
  idSpan: Span,
  entry: Entry | undefined,
  { manifest, report }: CheckContext,
): StepManifest | undefined => {
  if (!entry) {
    report.error("P0103", idSpan, `Step \`${id}\` needs \`uses\`.`, {
      hint: "As in `uses: azure/resource-group`; `provision steps` lists them.",
    });
    return undefined;
  }
  const { value } = entry;
  if (value.kind !== "scalar" || typeof value.value !== "string") {
    wrongForm(report, value, "`uses`", "the name of a step type");
    return undefined;
  }
  const type = value.value;
  const found = Object.hasOwn(manifest, type) ? manifest[type] : undefined;
  if (!found)
    report.error("P0107", value, `There is no step type \`${type.slice(0, 120)}\`.`, {
      hint: () => {
        if (hasExpression(type)) return "The type is fixed: expressions are for values under `with`.";
        if (type.startsWith("./"))
          return "The file of a local step was not loaded: is it there, and trusted?";
        const plain = type.replace(/@.*$/, "");
        if (plain !== type && Object.hasOwn(manifest, plain)) return `Leave out the version: \`${plain}\`.`;
        const name = nearest(plain, Object.keys(manifest));
        return name === undefined ? "`provision steps` lists all types." : `Did you mean \`${name}\`?`;
      },
    });
  return found;
};

/** A step's `if`, with or without `${{ }}`: one expression over inputs that is true or false. */
const conditionOf = (entry: Entry | undefined, context: CheckContext): ExpressionTemplate | undefined => {
  if (!entry) return undefined;
  const { value: node } = entry;
  const { report, source } = context;
  const place = { reads: "inputs", name: "`if`" } as const;
  const written = node.kind === "scalar" ? node.value : null;
  if (node.kind !== "scalar" || written === null || typeof written === "number") {
    wrongForm(report, node, "`if`", "an expression");
    return undefined;
  }
  const text = String(written);
  let found: TypedExpression;
  if (hasExpression(text)) {
    const before = report.errors;
    const { template, shape } = typedScalar(node, context, place);
    if (report.errors === before && template.kind !== "expression") {
      report.error("P0301", node, "`if` must be one expression, and this is text with expressions in it.", {
        hint: "Put all of it inside one `${{ }}`, or leave the braces out.",
      });
      return undefined;
    }
    found = { template: template.kind === "expression" ? template : undefined, shape };
  } else {
    found = typedExpression(
      text,
      0,
      { start: 0, end: text.length },
      placement(source.text, node, text),
      context,
      place,
    );
    if (found.absent) reportAbsent(found.absent, context);
  }
  const problem = found.shape && mismatch(found.shape, { kind: "boolean" });
  if (problem)
    report.error(problem.code, node, `\`if\` ${problem.message}.`, {
      hint: "Compare it: `inputs.x != ''`, or `inputs.x > 0`.",
    });
  return found.template;
};
