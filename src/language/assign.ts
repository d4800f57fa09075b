/** Whether a value of one shape may go where another shape is needed. */
import type { Scalar, Shape } from "../step/shape.ts";
import type { Code } from "./codes.ts";
import { counted, describe, holdsSecret } from "./shapes.ts";

export interface Mismatch {
  readonly code: Code;
  /** A clause for "`group` …": `needs a resource-group, and this is a public-ip`. */
  readonly message: string;
  readonly hint?: string | undefined;
}

const declareSecret = `Declare it under \`secrets\` and write \`\${{ secrets.name }}\`.`;

/**
 * What keeps a value that is only known by its shape out of a target; nothing where it fits. What depends on the
 * value itself (a text that must match a pattern) is let through: it is looked at once the value is known.
 */
export const mismatch = (source: Shape, target: Shape): Mismatch | undefined => {
  if (source.kind === "literal") return literalMismatch(source.value, target);
  if (source.kind === "union") {
    for (const option of source.options) {
      const found = mismatch(option, target);
      if (found) return found.code === "P0301" ? wrong(source, target) : found;
    }
    return undefined;
  }
  if (target.kind === "union") {
    const found = target.options.map((option) => mismatch(source, option));
    if (found.some((problem) => !problem)) return undefined;
    return found.length === 1 ? found[0] : source.kind === "secret" ? leak(target) : wrong(source, target);
  }
  if (target.kind === "secret") {
    if (source.kind === "secret") return undefined;
    return {
      code: "P0309",
      message: `needs a secret, and this is ${describe(source)}`,
      hint: declareSecret,
    };
  }
  if (source.kind === "secret") return leak(target);
  if (target.kind === "json") return holdsSecret(source) ? leak(target) : undefined;
  if (source.kind === "json") return undefined;
  switch (target.kind) {
    case "string": {
      if (source.kind !== "string") return wrong(source, target);
      const outside = source.values?.find((value) => target.values && !target.values.includes(value));
      return outside === undefined ? undefined : literalMismatch(outside, target);
    }
    case "number":
    case "boolean":
    case "null":
      return source.kind === target.kind ? undefined : wrong(source, target);
    case "literal":
      return source.kind === typeof target.value ? undefined : wrong(source, target);
    case "array":
      return source.kind === "array"
        ? within("its items", mismatch(source.items, target.items))
        : wrong(source, target);
    case "record":
      if (source.kind === "record") return within("its values", mismatch(source.values, target.values));
      if (source.kind !== "object") return wrong(source, target);
      for (const [name, property] of Object.entries(source.properties)) {
        const found = within(`\`${name}\` in it`, mismatch(property.shape, target.values));
        if (found) return found;
      }
      return undefined;
    case "object": {
      if (source.kind !== "object" || source.handle !== target.handle)
        return target.handle === undefined
          ? wrong(source, target)
          : { ...wrong(source, target), code: "P0310" };
      for (const [name, property] of Object.entries(target.properties)) {
        const given = source.properties[name];
        if (!property.required && !given) continue;
        if (!given || (property.required && !given.required))
          return { code: "P0303", message: `needs \`${name}\`, which this does not always have` };
        const found = within(`\`${name}\` in it`, mismatch(given.shape, property.shape));
        if (found) return found;
      }
      return undefined;
    }
  }
};

const wrong = (source: Shape, target: Shape): Mismatch => ({
  code: "P0301",
  message: `needs ${describe(target)}, and this is ${describe(source)}`,
});

const leak = (target: Shape): Mismatch => ({
  code: "P0308",
  message: `takes no secret, and this is or holds one`,
  hint:
    target.kind === "json"
      ? "Put it into a Kubernetes Secret and refer to that by name."
      : "A secret may only go where the step takes one.",
});

const within = (place: string, found: Mismatch | undefined): Mismatch | undefined =>
  found && { ...found, message: `does not take this: ${place} ${found.message}` };

/** What keeps a known scalar out of a target: type, allowed values, range, pattern and length. */
export const literalMismatch = (value: Scalar, target: Shape): Mismatch | undefined => {
  const shown = show(value);
  const wrongType = (hint?: string): Mismatch => ({
    code: target.kind === "object" && target.handle !== undefined ? "P0310" : "P0301",
    message: `needs ${describe(target)}, and this is ${shown}`,
    hint,
  });
  const notAllowed = (): Mismatch => ({
    code: "P0304",
    message: `is ${describe(target)}, and not ${shown}`,
  });
  switch (target.kind) {
    case "json":
      return undefined;
    case "union": {
      const found = target.options.map((option) => literalMismatch(value, option));
      if (found.some((problem) => !problem)) return undefined;
      // Of several reasons the one that is about more than the type tells most.
      return (
        found.find((problem) => problem && problem.code !== "P0301" && problem.code !== "P0304") ??
        (found.some((problem) => problem?.code === "P0304") ? notAllowed() : wrongType())
      );
    }
    case "secret":
      return {
        code: "P0309",
        message: "needs a secret, and this is written in the file",
        hint: declareSecret,
      };
    case "string":
      if (typeof value !== "string")
        return wrongType(value === null ? undefined : "Put it in quotes to make it a text.");
      if (target.values && !target.values.includes(value)) return notAllowed();
      return textMismatch(value, target);
    case "number":
      if (typeof value !== "number")
        return wrongType(
          typeof value === "string" && value !== "" && Number.isFinite(Number(value))
            ? "Leave out the quotes."
            : undefined,
        );
      if (target.integer && !Number.isInteger(value))
        return { code: "P0305", message: `needs a whole number, and this is ${shown}` };
      if (target.minimum !== undefined && value < target.minimum)
        return { code: "P0305", message: `is at least ${target.minimum}, and not ${shown}` };
      if (target.maximum !== undefined && value > target.maximum)
        return { code: "P0305", message: `is at most ${target.maximum}, and not ${shown}` };
      return undefined;
    case "boolean":
      return typeof value === "boolean" ? undefined : wrongType();
    case "null":
      return value === null ? undefined : wrongType();
    case "literal":
      return value === target.value ? undefined : notAllowed();
    case "array":
    case "object":
    case "record":
      return wrongType();
  }
};

const textMismatch = (value: string, target: Extract<Shape, { kind: "string" }>): Mismatch | undefined => {
  if (target.minimumLength !== undefined && value.length < target.minimumLength)
    return { code: "P0306", message: `needs at least ${counted(target.minimumLength, "character")}` };
  if (target.maximumLength !== undefined && value.length > target.maximumLength)
    return { code: "P0306", message: `takes at most ${counted(target.maximumLength, "character")}` };
  if (target.pattern !== undefined && !matches(target.pattern, value))
    return { code: "P0306", message: `must match \`${target.pattern}\`, and ${show(value)} does not` };
  return undefined;
};

const compiled = new Map<string, RegExp | undefined>();

/** A pattern in JSON Schema's sense: unanchored, with the `u` flag. One that is not valid holds nothing back. */
export const matches = (pattern: string, value: string): boolean => {
  if (!compiled.has(pattern)) compiled.set(pattern, compile(pattern));
  return compiled.get(pattern)?.test(value) ?? true;
};

export const compile = (pattern: string): RegExp | undefined => {
  try {
    return new RegExp(pattern, "u");
  } catch {
    return undefined;
  }
};

const show = (value: Scalar): string => {
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
};
