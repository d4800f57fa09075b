/** All functions of the expression language: GitHub's own, but for those that tell of a workflow's run. */
import { contains } from "./contains.ts";
import { endsWith } from "./ends-with.ts";
import { format } from "./format.ts";
import { fromJson } from "./from-json.ts";
import type { ExpressionFunction } from "./function.ts";
import { join } from "./join.ts";
import { startsWith } from "./starts-with.ts";
import { toJson } from "./to-json.ts";

export const functions: readonly ExpressionFunction[] = [
  contains,
  startsWith,
  endsWith,
  format,
  join,
  toJson,
  fromJson,
];

const byName = new Map(functions.map((entry) => [entry.name.toLowerCase(), entry]));

/** GitHub's functions that have no place here, with what to use instead. */
const elsewhere: ReadonlyMap<string, string> = new Map([
  ["success", "A step starts once what it needs is done; there is nothing to ask for."],
  ["failure", "A failed step stops what follows; there is no step for that case."],
  ["always", "A failed step stops what follows; there is no step for that case."],
  ["cancelled", "A cancelled run starts nothing more; run `up` again to go on."],
  ["hashfiles", "A step reads its files itself and compares what is in them."],
  ["case", "Use `condition && value || otherwise`."],
]);

export const findFunction = (name: string): ExpressionFunction | undefined => byName.get(name.toLowerCase());

export const whyNoFunction = (name: string): string | undefined => elsewhere.get(name.toLowerCase());
