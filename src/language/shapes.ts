/** Questions about shapes: what to call one, what kinds of value it admits, whether a secret is in it. */

import type { Shape } from "../step/shape.ts";
import type { Kind } from "./functions/function.ts";

/** What an expression's type is. Undefined: not known, because of an error that is told already. */
export type Inferred = Shape | undefined;

/** In words, with an article: `a resource-group`, `one of "Free", "Standard"`. */
export const describe = (shape: Shape): string => {
  switch (shape.kind) {
    case "string":
      return shape.values ? `one of ${listed(shape.values)}` : "a text";
    case "number":
      return shape.integer ? "a whole number" : "a number";
    case "boolean":
      return "true or false";
    case "null":
      return "null";
    case "literal":
      return JSON.stringify(shape.value);
    case "secret":
      return "a secret";
    case "array":
      return "a list";
    case "object":
      return shape.handle === undefined
        ? describeMap(shape)
        : `${/^[aeiou]/.test(shape.handle) ? "an" : "a"} ${shape.handle}`;
    case "record":
      return "a map";
    case "json":
      return "any value";
    case "union":
      if (shape.options.every((option) => option.kind === "literal"))
        return `one of ${shape.options.map(describe).join(", ")}`;
      return [...new Set(shape.options.map(describeBranch))].join(" or ");
  }
};

/** Maps that no fixed property tells apart are told apart by what each must have. */
const describeBranch = (shape: Shape): string => {
  const described = describe(shape);
  if (shape.kind !== "object" || described !== "a map") return described;
  const names = Object.entries(shape.properties).flatMap(([name, { required }]) =>
    required ? [`\`${name}\``] : [],
  );
  return names.length === 0 ? described : `a map with ${names.slice(0, 3).join(" and ")}`;
};

/** A map by the property that tells it from others, where it has one. */
const describeMap = ({ properties }: Extract<Shape, { kind: "object" }>): string => {
  for (const [name, { shape }] of Object.entries(properties))
    if (shape.kind === "literal") return `a map with \`${name}: ${shape.value}\``;
  return "a map";
};

/** `1 item`, `2 items`. */
export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? "" : "s"}`;

const listed = (values: readonly string[]): string => {
  const shown = values.slice(0, 12).map((value) => JSON.stringify(value));
  return values.length > 12 ? `${shown.join(", ")}, …` : shown.join(", ");
};

/** Whether a value of the shape is, or holds, a secret. */
export const holdsSecret = (shape: Shape): boolean => {
  switch (shape.kind) {
    case "secret":
      return true;
    case "array":
      return holdsSecret(shape.items);
    case "object":
      return Object.values(shape.properties).some((property) => holdsSecret(property.shape));
    case "record":
      return holdsSecret(shape.values);
    case "union":
      return shape.options.some(holdsSecret);
    case "string":
    case "number":
    case "boolean":
    case "null":
    case "literal":
    case "json":
      return false;
  }
};

/** The kinds of value that the shape admits. A secret counts as text; nothing is said of JSON. */
export const kindsOf = (shape: Shape): ReadonlySet<Kind> | "any" => {
  switch (shape.kind) {
    case "string":
    case "secret":
      return new Set(["string"]);
    case "number":
    case "boolean":
    case "null":
      return new Set([shape.kind]);
    case "literal":
      return new Set([kindOfScalar(shape.value)]);
    case "array":
      return new Set(["list"]);
    case "object":
    case "record":
      return new Set(["object"]);
    case "json":
      return "any";
    case "union": {
      const kinds = new Set<Kind>();
      for (const option of shape.options) {
        const found = kindsOf(option);
        if (found === "any") return "any";
        for (const kind of found) kinds.add(kind);
      }
      return kinds;
    }
  }
};

export const kindOfScalar = (value: string | number | boolean | null): Kind => {
  if (value === null) return "null";
  if (typeof value === "string") return "string";
  return typeof value === "number" ? "number" : "boolean";
};

/** A union without unions in it, and without a branch that is there already. */
export const unionOf = (shapes: readonly Shape[]): Shape => {
  const options: Shape[] = [];
  for (const shape of shapes.flatMap((shape) => (shape.kind === "union" ? shape.options : [shape]))) {
    const plain = shape.kind === "string" || shape.kind === "number" || shape.kind === "boolean";
    const known = options.some(
      (option) =>
        option === shape ||
        (option.kind === "literal" && shape.kind === "literal" && option.value === shape.value) ||
        (!plain &&
          option.kind === shape.kind &&
          (shape.kind === "secret" || shape.kind === "null" || shape.kind === "json")),
    );
    if (!known) options.push(shape);
  }
  const [only] = options;
  return only && options.length === 1 ? only : { kind: "union", options };
};

/** What is left of a shape where its value counts as true, or as false. Nothing: it never does. */
export const narrow = (shape: Shape, truth: boolean): Shape | undefined => {
  switch (shape.kind) {
    case "null":
      return truth ? undefined : shape;
    case "boolean":
      return { kind: "literal", value: truth };
    case "literal":
      return Boolean(shape.value) === truth ? shape : undefined;
    case "string":
      if (truth) return shape;
      return shape.values && !shape.values.includes("") ? undefined : { kind: "literal", value: "" };
    case "number":
      return truth ? shape : { kind: "literal", value: 0 };
    case "array":
    case "object":
    case "record":
      return truth ? shape : undefined;
    case "secret":
    case "json":
      return shape;
    case "union": {
      const options = shape.options.flatMap((option) => narrow(option, truth) ?? []);
      return options.length === 0 ? undefined : unionOf(options);
    }
  }
};
