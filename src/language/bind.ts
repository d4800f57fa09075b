/** A value of the file bound to the shape that is needed there: checked, defaults filled in, as a template. */
import type { ObjectShape, Shape } from "../step/shape.ts";
import { literalMismatch, type Mismatch, mismatch } from "./assign.ts";
import { discriminates, flatten, nearestBranch, sameForm } from "./branches.ts";
import type { CheckContext, Place } from "./context.ts";
import type { Location } from "./diagnostic.ts";
import { nodeKind } from "./fields.ts";
import { fittingReference } from "./fitting.ts";
import type { MapTemplate, Template } from "./pipeline.ts";
import { createReport } from "./report.ts";
import { counted, describe } from "./shapes.ts";
import type { Span } from "./source.ts";
import { didYouMean } from "./suggest.ts";
import { typedScalar } from "./templates.ts";
import type { MapNode, ScalarNode, TreeNode } from "./yaml-tree.ts";

/** What is bound, for messages, and the key it stands at, for what is missing in it. */
export interface Subject {
  /** With backquotes, as `` `group` ``. */
  readonly name: string;
  readonly span: Span;
}

/** Binds a node to a shape. What does not fit is reported; the template is only of use where nothing is. */
export const bind = (
  node: TreeNode,
  shape: Shape,
  subject: Subject,
  context: CheckContext,
  place: Place,
): Template => {
  switch (node.kind) {
    case "scalar":
      return bindScalar(node, shape, subject, context, place);
    case "list": {
      const items = branch(node, shape, subject, context, place);
      if (!items) return { kind: "list", items: [], location: context.source.locate(node) };
      if (items.kind !== "array" && items.kind !== "json") return refuse(node, shape, subject, context);
      if (items.kind === "array") checkLength(node.items.length, items, subject, node, context);
      const inner: Shape = items.kind === "array" ? items.items : { kind: "json" };
      return {
        kind: "list",
        items: node.items.map((item, index) =>
          bind(item, inner, { name: `item ${index + 1} of ${subject.name}`, span: item }, context, place),
        ),
        location: context.source.locate(node),
      };
    }
    case "map": {
      const target = branch(node, shape, subject, context, place);
      if (!target) return { kind: "map", entries: new Map(), location: context.source.locate(node) };
      if (target.kind === "object") return bindObject(node, target, subject, context, place);
      if (target.kind !== "record" && target.kind !== "json") return refuse(node, shape, subject, context);
      const inner: Shape = target.kind === "record" ? target.values : target;
      return {
        kind: "map",
        entries: new Map(
          node.entries.map(({ key, keySpan, value }) => [
            key,
            bind(value, inner, { name: `\`${key}\``, span: keySpan }, context, place),
          ]),
        ),
        location: context.source.locate(node),
      };
    }
  }
};

/** Binds a map to an object's properties. */
export const bindObject = (
  node: MapNode,
  shape: ObjectShape,
  subject: Subject,
  context: CheckContext,
  place: Place,
): MapTemplate => {
  const entries = new Map<string, Template>();
  const given = new Set<string>();
  for (const { key, keySpan, value } of node.entries) {
    given.add(key);
    const property = Object.hasOwn(shape.properties, key) ? shape.properties[key] : undefined;
    if (property)
      entries.set(key, bind(value, property.shape, { name: `\`${key}\``, span: keySpan }, context, place));
    else
      context.report.error("P0302", keySpan, `${subject.name} has no \`${key}\`.`, {
        hint: () => didYouMean(key, Object.keys(shape.properties)),
      });
  }
  const location = context.source.locate(node);
  const missing: string[] = [];
  for (const [name, property] of Object.entries(shape.properties)) {
    if (given.has(name)) continue;
    if (property.shape.default !== undefined)
      entries.set(name, literalTemplate(property.shape.default, location));
    else if (property.required) missing.push(name);
  }
  for (const name of missing) {
    const needed = shape.properties[name];
    context.report.error("P0303", subject.span, `${subject.name} needs \`${name}\`.`, {
      hint: () =>
        (needed && fittingReference(needed.shape, name, context, place)) ??
        (needed?.shape.description === undefined ? undefined : `${name}: ${needed.shape.description}`),
    });
  }
  return { kind: "map", entries, location };
};

const bindScalar = (
  node: ScalarNode,
  shape: Shape,
  subject: Subject,
  context: CheckContext,
  place: Place,
): Template => {
  const typed = typedScalar(node, context, place);
  if (typed.isLiteral) {
    const problem = literalMismatch(typed.literal ?? null, shape);
    if (problem) report(problem, node, shape, subject, context, place);
    return typed.template;
  }
  const problem = typed.shape && mismatch(typed.shape, shape);
  if (problem) report(problem, node, shape, subject, context, place);
  return typed.template;
};

const report = (
  problem: Mismatch,
  node: ScalarNode,
  shape: Shape,
  subject: Subject,
  context: CheckContext,
  place: Place,
): void =>
  context.report.error(problem.code, node, `${capital(subject.name)} ${problem.message}.`, {
    hint: () => {
      const written = typeof node.value === "string" ? node.value : "";
      const fitting = fittingReference(shape, subject.name.replaceAll("`", ""), context, place, written);
      return [problem.hint, fitting].filter((part) => part !== undefined).join(" ") || undefined;
    },
  });

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const refuse = (node: TreeNode, shape: Shape, subject: Subject, context: CheckContext): Template => {
  context.report.error(
    shape.kind === "object" && shape.handle !== undefined
      ? "P0310"
      : shape.kind === "secret"
        ? "P0309"
        : "P0301",
    node,
    `${capital(subject.name)} needs ${describe(shape)}, and this is ${nodeKind(node)}.`,
  );
  return { kind: "scalar", value: null, location: context.source.locate(node) };
};

const checkLength = (
  length: number,
  shape: Extract<Shape, { kind: "array" }>,
  subject: Subject,
  node: Span,
  context: CheckContext,
): void => {
  const { minimumItems, maximumItems } = shape;
  if (minimumItems !== undefined && length < minimumItems)
    context.report.error(
      "P0307",
      node,
      `${capital(subject.name)} needs at least ${counted(minimumItems, "item")}.`,
    );
  if (maximumItems !== undefined && length > maximumItems)
    context.report.error(
      "P0307",
      node,
      `${capital(subject.name)} takes at most ${counted(maximumItems, "item")}.`,
    );
};

/**
 * The branch of a union that a list or map is meant to be: the only one of its form, the one whose fixed properties
 * it has, the first that it fits, or else the one that knows most of its keys. Undefined: none, which is reported.
 */
const branch = (
  node: TreeNode,
  shape: Shape,
  subject: Subject,
  context: CheckContext,
  place: Place,
): Exclude<Shape, { kind: "union" }> | undefined => {
  if (shape.kind !== "union") return shape;
  const flat = shape.options.flatMap(flatten).filter((option) => sameForm(node, option));
  const chosen = node.kind === "map" ? flat.filter((option) => discriminates(node, option)) : flat;
  if (flat.length === 0) {
    refuse(node, shape, subject, context);
    return undefined;
  }
  const [only] = chosen;
  if (only && chosen.length === 1) return only;
  for (const option of chosen) {
    const trial = { ...context, report: createReport(context.source) };
    bind(node, option, subject, trial, { ...place, onStep: undefined });
    if (trial.report.errors === 0) return option;
  }
  const meant = nearestBranch(node, chosen);
  if (meant) return meant;
  context.report.error(
    "P0301",
    node,
    `${capital(subject.name)} needs ${describe(shape)}, and this is none of them.`,
  );
  return undefined;
};

/** A default of the manifest as a template, at the place of what it is missing from. */
export const literalTemplate = (value: unknown, location: Location): Template => {
  if (value === null || typeof value === "string" || typeof value === "number" || typeof value === "boolean")
    return { kind: "scalar", value, location };
  if (Array.isArray(value))
    return { kind: "list", items: value.map((item) => literalTemplate(item, location)), location };
  if (typeof value !== "object") return { kind: "scalar", value: null, location };
  return {
    kind: "map",
    entries: new Map(Object.entries(value).map(([key, entry]) => [key, literalTemplate(entry, location)])),
    location,
  };
};
