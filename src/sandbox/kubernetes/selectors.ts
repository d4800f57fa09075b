/** Label selectors and field selectors, as text in queries and as objects in specs. */
import { ApiError } from "./api-error.ts";
import { at, type Json, listOf, objectOf, objectsOf, textOf, textsOf } from "./json.ts";
import type { KubernetesObject } from "./object.ts";

export type Labels = Readonly<Record<string, string>>;
type Test = (labels: Labels) => boolean;

const requirement = (text: string): Test => {
  const set = /^\s*([^\s!=,()]+)\s+(in|notin)\s*\(([^)]*)\)\s*$/.exec(text);
  if (set) {
    const [, key = "", operator, list = ""] = set;
    const values = list.split(",").map((value) => value.trim());
    return (labels) => (labels[key] !== undefined && values.includes(labels[key])) === (operator === "in");
  }
  const equality = /^\s*([^\s!=,()]+)\s*(==|=|!=)\s*([^\s!=,()]*)\s*$/.exec(text);
  if (equality) {
    const [, key = "", operator, value = ""] = equality;
    return (labels) => (labels[key] === value) === (operator !== "!=");
  }
  const presence = /^\s*(!?)\s*([^\s!=,()]+)\s*$/.exec(text);
  if (presence) {
    const [, not, key = ""] = presence;
    return (labels) => (labels[key] !== undefined) === (not === "");
  }
  const value = /^\s*[^\s!=,()]+\s+(?:in|notin)\s+([^\s(]+)/.exec(text)?.[1];
  throw new ApiError(
    "BadRequest",
    `unable to parse requirement: ${value === undefined ? `found '${text.trim()}'` : `found '${value}' expected: '('`}`,
  );
};

/** Splits at commas that are not inside parentheses. */
const split = (text: string): string[] => text.split(/,(?![^(]*\))/).filter((part) => part.trim() !== "");

/** `app=nginx,tier in (a,b),!canary`. An empty selector takes everything. */
export const labelSelector = (text: string | undefined): Test => {
  const tests = split(text ?? "").map(requirement);
  return (labels) => tests.every((test) => test(labels));
};

/** A `LabelSelector` object, as in `spec.selector` of a Deployment. An empty one takes everything. */
export const matchesSelector = (selector: Json | undefined, labels: Labels): boolean => {
  const { matchLabels, matchExpressions } = objectOf(selector);
  return (
    Object.entries(textsOf(matchLabels)).every(([key, value]) => labels[key] === value) &&
    objectsOf(matchExpressions).every((expression) => {
      const value = labels[textOf(expression.key) ?? ""];
      const values = listOf(expression.values);
      switch (expression.operator) {
        case "In":
          return value !== undefined && values.includes(value);
        case "NotIn":
          return value === undefined || !values.includes(value);
        case "Exists":
          return value !== undefined;
        case "DoesNotExist":
          return value === undefined;
        default:
          return false;
      }
    })
  );
};

/** The fields that a selector names. */
export const fieldNames = (text: string | undefined): string[] =>
  split(text ?? "").map((part) => /^\s*([^=!\s]+)/.exec(part)?.[1] ?? "");

/** `metadata.name=web,status.phase!=Failed`. Any field of the object may be named; absent ones count as "". */
export const fieldSelector = (text: string | undefined): ((object: KubernetesObject) => boolean) => {
  const tests = split(text ?? "").map((part) => {
    const found = /^\s*([^=!\s]+)\s*(==|=|!=)\s*(.*?)\s*$/.exec(part);
    if (!found) throw new ApiError("BadRequest", `invalid field selector: ${part}`);
    const [, path = "", operator, value = ""] = found;
    return (object: KubernetesObject) => {
      const field = at(object, ...path.split("."));
      const actual = typeof field === "object" || field === undefined ? "" : String(field);
      return (actual === value) === (operator !== "!=");
    };
  });
  return (object) => tests.every((test) => test(object));
};
