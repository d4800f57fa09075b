/** The `inputs:` of a pipeline: each input's type, default, allowed values and pattern. */
import type { Scalar, Shape } from "../step/shape.ts";
import { literalMismatch } from "./assign.ts";
import { asMap, asText, checkIdentifier, entriesOf, fieldsOf, nodeKind, wrongForm } from "./fields.ts";
import { limits } from "./limits.ts";
import { patternProblem } from "./patterns.ts";
import type { InputDeclaration } from "./pipeline.ts";
import type { Report } from "./report.ts";
import { hasExpression } from "./scan.ts";
import type { Source, Span } from "./source.ts";
import { nearest, suggestion } from "./suggest.ts";
import type { Entry, TreeNode } from "./yaml-tree.ts";

const types = ["string", "number", "boolean"] as const;
type InputType = (typeof types)[number];

const keys = ["type", "default", "description", "values", "pattern"];

/** The shape of an input's values, as expressions see it. */
export const inputShape = (declaration: Omit<InputDeclaration, "name" | "location">): Shape => {
  const { type, pattern } = declaration;
  if (type !== "string") {
    if (!declaration.values) return { kind: type };
    return { kind: "union", options: declaration.values.map((value) => ({ kind: "literal", value })) };
  }
  const values = declaration.values?.filter((value) => typeof value === "string");
  return { kind: "string", ...(values ? { values } : {}), ...(pattern === undefined ? {} : { pattern }) };
};

/** All declared inputs. One with an error is left in as far as it is known, so that references to it hold. */
export const readInputs = (
  inputs: Entry | undefined,
  source: Source,
  report: Report,
): ReadonlyMap<string, InputDeclaration> => {
  const declared = new Map<string, InputDeclaration>();
  for (const entry of entriesOf(inputs, "`inputs`", report)) {
    if (!checkIdentifier(entry, "an input", limits.identifierLength, report)) continue;
    declared.set(entry.key, readInput(entry, source, report));
  }
  return declared;
};

const readInput = (entry: Entry, source: Source, report: Report): InputDeclaration => {
  const name = entry.key;
  const location = source.locate(entry.keySpan);
  const what = `Input \`${name}\``;
  if (entry.value.kind === "scalar" && entry.value.value !== null) {
    const type = readType(entry.value, what, report);
    return { name, type, location };
  }
  const map = asMap(entry.value, what, report);
  if (!map) return { name, type: "string", location };
  const fields = fieldsOf(map, what, keys, report);
  const typeField = fields.get("type");
  if (!typeField)
    report.error("P0103", entry.keySpan, `${what} needs a \`type\`.`, {
      hint: "One of `string`, `number`, `boolean`.",
    });
  const type = typeField ? readType(typeField.value, what, report) : "string";
  const description = fields.get("description");
  const text = description && asText(description.value, `The description of input \`${name}\``, report);
  const values = readValues(fields.get("values"), type, what, report);
  const pattern = readPattern(fields.get("pattern"), type, what, report);
  const declaration = {
    name,
    type,
    location,
    ...(text === undefined ? {} : { description: text }),
    ...(values === undefined ? {} : { values }),
    ...(pattern === undefined ? {} : { pattern }),
  };
  const given = fields.get("default");
  if (!given) return declaration;
  const value = readScalar(given.value, `The default of input \`${name}\``, report);
  if (value === undefined || !typeField) return declaration;
  const problem = literalMismatch(value, inputShape(declaration));
  if (problem)
    report.error("P0110", given.value, `The default of input \`${name}\` ${problem.message}.`, {
      hint: problem.hint,
    });
  return { ...declaration, default: value };
};

const readType = (node: TreeNode, what: string, report: Report): InputType => {
  const written = node.kind === "scalar" ? node.value : undefined;
  const type = types.find((candidate) => candidate === written);
  if (type) return type;
  const shown = typeof written === "string" ? `\`${written.slice(0, 60)}\`` : nodeKind(node);
  report.error("P0109", node, `${what} is of type \`string\`, \`number\` or \`boolean\`, and not ${shown}.`, {
    hint: () =>
      typeof written === "string"
        ? suggestion(nearest(written, types))
        : "To give a default, write `{ type: string, default: … }`.",
  });
  return "string";
};

const readScalar = (node: TreeNode, what: string, report: Report): Scalar | undefined => {
  if (node.kind !== "scalar") {
    wrongForm(report, node, what, "a text, a number, or true or false");
    return undefined;
  }
  if (typeof node.value === "string" && hasExpression(node.value)) {
    report.error("P0214", node, `${what} cannot be an expression.`, {
      hint: "Inputs are what expressions start from.",
    });
    return undefined;
  }
  return node.value;
};

const readValues = (
  entry: Entry | undefined,
  type: InputType,
  what: string,
  report: Report,
): readonly Scalar[] | undefined => {
  if (!entry) return undefined;
  if (entry.value.kind !== "list" || entry.value.items.length === 0) {
    report.error("P0101", entry.value, `The \`values\` of ${what.toLowerCase()} must be a list with items.`);
    return undefined;
  }
  return entry.value.items.flatMap((item) => {
    const value = readScalar(item, `A value of ${what.toLowerCase()}`, report);
    if (value === undefined) return [];
    const problem = literalMismatch(value, { kind: type });
    if (!problem) return [value];
    report.error("P0110", item, `A value of ${what.toLowerCase()} ${problem.message}.`, {
      hint: problem.hint,
    });
    return [];
  });
};

const readPattern = (
  entry: Entry | undefined,
  type: InputType,
  what: string,
  report: Report,
): string | undefined => {
  const pattern = entry && asText(entry.value, `The pattern of ${what.toLowerCase()}`, report);
  if (!entry || pattern === undefined) return undefined;
  const span: Span = entry.value;
  const problem = patternProblem(pattern);
  if (problem !== undefined) report.error("P0111", span, `The pattern of ${what.toLowerCase()} ${problem}.`);
  else if (type !== "string")
    report.error(
      "P0110",
      span,
      `Only an input of type \`string\` has a pattern, and ${what.toLowerCase()} is a ${type}.`,
    );
  else return pattern;
  return undefined;
};
