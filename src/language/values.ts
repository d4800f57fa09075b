/** Values against shapes, for the plan: what is known is checked, a hole fits anything, a secret only a secret. */
import { Secret } from "../step/secret.ts";
import type { ObjectShape, Shape } from "../step/shape.ts";
import { literalMismatch } from "./assign.ts";
import type { Code } from "./codes.ts";
import { contentsOf, isList } from "./contents.ts";
import { counted, describe } from "./shapes.ts";
import { didYouMean } from "./suggest.ts";
import { Hole, type Value } from "./value.ts";

export interface ValueProblem {
  readonly code: Code;
  /** From the value's root, as in `nodes.count` or `zones[1]`; empty for the root itself. */
  readonly path: string;
  /** A sentence that names the path. */
  readonly message: string;
  readonly hint?: string | undefined;
}

/** Everything in the value that does not fit the shape. */
export const checkValue = (shape: Shape, value: Value): readonly ValueProblem[] => {
  const problems: ValueProblem[] = [];
  check(shape, value, "", problems);
  return problems;
};

type Fields = { readonly [key: string]: Value | undefined };

const isFields = (value: Value): value is Fields =>
  value !== null &&
  typeof value === "object" &&
  !isList(value) &&
  !(value instanceof Hole || value instanceof Secret);

const check = (shape: Shape, value: Value, path: string, problems: ValueProblem[]): void => {
  const add = (code: Code, clause: string, hint?: string): void => {
    problems.push({
      code,
      path,
      message: `\`${path || "value"}\` ${clause}.`,
      ...(hint === undefined ? {} : { hint }),
    });
  };
  if (value instanceof Hole) {
    if (value.secret && shape.kind !== "secret" && !admits(shape, "secret")) add("P0308", "takes no secret");
    return;
  }
  if (shape.kind === "union" && value !== null && typeof value === "object") {
    const found = candidates(shape.options, value).map((option) => checkValue(option, value));
    if (found.some((list) => list.length === 0)) return;
    const [only] = found;
    if (only && found.length === 1)
      problems.push(...only.map((problem) => ({ ...problem, ...under(path, problem) })));
    else add("P0301", `needs ${describe(shape)}`);
    return;
  }
  if (value instanceof Secret) {
    if (shape.kind !== "secret") add("P0308", "takes no secret");
    return;
  }
  if (shape.kind === "json") {
    const { holes, secrets } = contentsOf([value]);
    if (secrets.length > 0 || holes.some((hole) => hole.secret)) add("P0308", "takes no secret");
    return;
  }
  if (isList(value)) {
    if (shape.kind !== "array") {
      add("P0301", `needs ${describe(shape)}, and this is a list`);
      return;
    }
    const { minimumItems, maximumItems } = shape;
    if (minimumItems !== undefined && value.length < minimumItems)
      add("P0307", `needs at least ${counted(minimumItems, "item")}`);
    if (maximumItems !== undefined && value.length > maximumItems)
      add("P0307", `takes at most ${counted(maximumItems, "item")}`);
    for (const [index, item] of value.entries()) check(shape.items, item, `${path}[${index}]`, problems);
    return;
  }
  if (isFields(value)) {
    if (shape.kind === "record") {
      for (const [key, entry] of Object.entries(value))
        if (entry !== undefined) check(shape.values, entry, join(path, key), problems);
    } else if (shape.kind === "object") checkFields(shape, value, path, problems);
    else add("P0301", `needs ${describe(shape)}, and this is a map`);
    return;
  }
  const problem = literalMismatch(value, shape);
  if (problem) add(problem.code, problem.message, problem.hint);
};

const checkFields = (shape: ObjectShape, value: Fields, path: string, problems: ValueProblem[]): void => {
  const kind = shape.handle === undefined ? undefined : value.kind;
  if (shape.handle !== undefined && kind !== undefined && !(kind instanceof Hole) && kind !== shape.handle) {
    problems.push({
      code: "P0310",
      path,
      message: `\`${path || "value"}\` needs ${describe(shape)}, and this is another kind.`,
    });
    return;
  }
  for (const [name, property] of Object.entries(shape.properties)) {
    const entry = value[name];
    if (entry !== undefined) check(property.shape, entry, join(path, name), problems);
    else if (property.required && property.shape.default === undefined)
      problems.push({
        code: "P0303",
        path: join(path, name),
        message: `\`${join(path, name)}\` is missing.`,
      });
  }
  // A handle takes any outputs of its kind and ignores the rest.
  if (shape.handle !== undefined) return;
  for (const name of Object.keys(value)) {
    if (Object.hasOwn(shape.properties, name) || value[name] === undefined) continue;
    const hint = didYouMean(name, Object.keys(shape.properties));
    problems.push({
      code: "P0302",
      path: join(path, name),
      message: `\`${join(path, name)}\` is not known.`,
      ...(hint === undefined ? {} : { hint }),
    });
  }
};

/**
 * The value with the defaults of its shape in the place of what is missing. A default is taken as it is: nothing
 * is filled in inside of it.
 */
export const fillDefaults = (shape: Shape, value: Value): Value => {
  if (value === null || typeof value !== "object" || value instanceof Hole || value instanceof Secret)
    return value;
  switch (shape.kind) {
    case "array":
      return isList(value) ? value.map((item) => fillDefaults(shape.items, item)) : value;
    case "record":
      return isFields(value) ? mapFields(value, (entry) => fillDefaults(shape.values, entry)) : value;
    case "object": {
      if (!isFields(value)) return value;
      const filled = mapFields(value, (entry, name) => {
        const property = Object.hasOwn(shape.properties, name) ? shape.properties[name] : undefined;
        return property ? fillDefaults(property.shape, entry) : entry;
      });
      for (const [name, property] of Object.entries(shape.properties))
        if (filled[name] === undefined && property.shape.default !== undefined)
          filled[name] = fromJson(property.shape.default);
      return filled;
    }
    case "union": {
      const option = candidates(shape.options, value).find(
        (candidate) => checkValue(candidate, value).length === 0,
      );
      return option ? fillDefaults(option, value) : value;
    }
    case "string":
    case "number":
    case "boolean":
    case "null":
    case "literal":
    case "secret":
    case "json":
      return value;
  }
};

const mapFields = (value: Fields, change: (entry: Value, name: string) => Value): Record<string, Value> =>
  Object.fromEntries(
    Object.entries(value).flatMap(([name, entry]) =>
      entry === undefined ? [] : [[name, change(entry, name)]],
    ),
  );

/** The branches of a union that the value's fixed properties leave; all where there are none. */
const candidates = (options: readonly Shape[], value: Value): readonly Shape[] => {
  if (!isFields(value)) return options;
  const left = options.filter(
    (option) =>
      option.kind !== "object" ||
      Object.entries(option.properties).every(([name, { shape }]) => {
        const entry = value[name];
        return (
          shape.kind !== "literal" || entry === undefined || entry instanceof Hole || entry === shape.value
        );
      }),
  );
  const maps = left.filter((option) => option.kind === "object");
  return maps.length === 1 ? maps : left;
};

const admits = (shape: Shape, kind: Shape["kind"]): boolean =>
  shape.kind === kind || (shape.kind === "union" && shape.options.some((option) => admits(option, kind)));

const join = (path: string, name: string): string => (path === "" ? name : `${path}.${name}`);

/** A problem of a union's branch, told from the union's own place. */
const under = (path: string, problem: ValueProblem): Pick<ValueProblem, "path" | "message"> => {
  const inner =
    problem.path.startsWith("[") || path === "" ? `${path}${problem.path}` : join(path, problem.path);
  const whole = problem.path === "" ? path : inner;
  return {
    path: whole,
    message: problem.message.replace(`\`${problem.path || "value"}\``, () => `\`${whole || "value"}\``),
  };
};

/** A default of the manifest, which is JSON, as a value. */
const fromJson = (value: unknown): Value => {
  if (value === null || typeof value === "string" || typeof value === "number" || typeof value === "boolean")
    return value;
  if (Array.isArray(value)) return value.map(fromJson);
  if (typeof value !== "object") return null;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, fromJson(entry)]));
};
