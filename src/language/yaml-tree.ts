/**
 * YAML text → a tree of plain nodes that know their place. What a pipeline may not hold (tags, merge keys, several
 * documents, alias bombs) is refused here, so that the rest of the language sees maps, lists and scalars only.
 */
import { isAlias, isMap, isScalar, isSeq } from "yaml";
import type { Scalar as ScalarValue } from "../step/shape.ts";
import type { Code } from "./codes.ts";
import { limits } from "./limits.ts";
import type { Report } from "./report.ts";
import type { Source, Span } from "./source.ts";
import { composeYaml } from "./yaml-document.ts";

export type TreeNode = ScalarNode | ListNode | MapNode;

export interface ScalarNode extends Span {
  readonly kind: "scalar";
  readonly value: ScalarValue;
}

export interface ListNode extends Span {
  readonly kind: "list";
  readonly items: readonly TreeNode[];
}

export interface MapNode extends Span {
  readonly kind: "map";
  readonly entries: readonly Entry[];
}

export interface Entry {
  readonly key: string;
  readonly keySpan: Span;
  readonly value: TreeNode;
}

/** Property names that a JavaScript object treats in a way of its own. */
export const reservedNames: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);

/** The file's one document as a tree; nothing where the YAML itself is wrong. */
export const parseTree = (source: Source, report: Report): TreeNode | undefined => {
  if (source.text.length > limits.textLength) {
    report.error("P0001", { start: 0, end: 0 }, "The file is larger than 4 MB.");
    return undefined;
  }
  const document = composeYaml(source, report);
  if (!document || report.errors > 0) return undefined;
  if (!document.contents) {
    report.error("P0017", { start: 0, end: 0 }, "The file is empty.", {
      hint: "A pipeline starts with `name:` and `steps:`.",
    });
    return undefined;
  }
  const tree = convert(document.contents, report, source);
  return tree;
};

/** A node with what it costs once aliases are expanded. */
interface Converted {
  readonly node: TreeNode;
  readonly size: number;
  readonly height: number;
}

const convert = (root: unknown, report: Report, source: Source): TreeNode | undefined => {
  const anchors = new Map<string, Converted | "open">();
  let aliased = 0;
  let stopped = false;

  const stop = (code: Code, span: Span, message: string): Converted => {
    if (!stopped) report.error(code, span, message);
    stopped = true;
    return nothing(span);
  };

  const visit = (value: unknown, empty: Span, depth: number): Converted => {
    if (stopped) return nothing(empty);
    if (isAlias(value)) {
      const span = spanOf(value, empty);
      const target = anchors.get(value.source);
      if (target === undefined || target === "open")
        return stop(
          "P0008",
          span,
          target
            ? `\`*${value.source}\` contains itself.`
            : `No anchor \`&${value.source}\` comes before this.`,
        );
      aliased += target.size;
      if (aliased > limits.aliasedValues)
        return stop("P0009", span, `Aliases repeat more than ${limits.aliasedValues} values.`);
      if (depth + target.height > limits.depth)
        return stop("P0003", span, `The nesting is deeper than ${limits.depth} levels.`);
      return target;
    }
    const anchor = isScalar(value) || isMap(value) || isSeq(value) ? value.anchor : undefined;
    if (anchor) anchors.set(anchor, "open");
    const converted = visitContent(value, empty, depth);
    if (anchor) anchors.set(anchor, converted);
    return converted;
  };

  const visitContent = (value: unknown, empty: Span, depth: number): Converted => {
    if (isScalar(value)) {
      const span = spanOf(value, empty);
      return { node: { kind: "scalar", value: scalar(value.value, span), ...span }, size: 1, height: 0 };
    }
    if (!isMap(value) && !isSeq(value)) return nothing(empty);
    const span = spanOf(value, empty);
    if (depth >= limits.depth)
      return stop("P0003", span, `The nesting is deeper than ${limits.depth} levels.`);
    let size = 1;
    let height = 0;
    const child = (part: unknown, place: Span): TreeNode => {
      const converted = visit(part, place, depth + 1);
      size += converted.size;
      height = Math.max(height, converted.height);
      return converted.node;
    };
    if (isSeq(value)) {
      const items = value.items.map((item) => child(item, span));
      return { node: { kind: "list", items, ...span }, size, height: height + 1 };
    }
    const seen = new Map<string, Span>();
    const entries: Entry[] = [];
    for (const pair of value.items) {
      if (!isScalar(pair.key)) {
        report.error("P0011", span, "A key must be a string.");
        continue;
      }
      const key = String(pair.key.value);
      const keySpan = spanOf(pair.key, span);
      if (!acceptKey(key, keySpan, seen)) continue;
      entries.push({ key, keySpan, value: child(pair.value, { start: keySpan.end, end: keySpan.end }) });
    }
    return { node: { kind: "map", entries, ...span }, size, height: height + 1 };
  };

  const acceptKey = (key: string, span: Span, seen: Map<string, Span>): boolean => {
    const first = seen.get(key);
    if (first) {
      report.error("P0012", span, `The key \`${key}\` is there already.`, {
        related: [{ message: "First here.", location: source.locate(first) }],
      });
      return false;
    }
    seen.set(key, span);
    if (key === "<<")
      report.error("P0013", span, "Merge keys are not part of YAML's core schema.", {
        hint: "Write the keys out, or use an input.",
      });
    else if (reservedNames.has(key)) report.error("P0014", span, `\`${key}\` cannot be a key.`);
    else if (key.includes("${{"))
      report.error("P0016", span, "A key cannot contain an expression.", {
        hint: "Expressions are for values; keys are fixed.",
      });
    else return true;
    return false;
  };

  const scalar = (value: unknown, span: Span): ScalarValue => {
    if (typeof value === "string" || typeof value === "boolean" || value === null) return value;
    if (typeof value === "number") {
      if (Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value))) return value;
      report.error("P0015", span, "This number cannot be held exactly.", {
        hint: "As text, put it in quotes.",
      });
      return source.text.slice(span.start, span.end);
    }
    return null;
  };

  const tree = visit(root, { start: 0, end: 0 }, 0).node;
  return stopped ? undefined : tree;
};

const nothing = (span: Span): Converted => ({
  node: { kind: "scalar", value: null, start: span.start, end: span.end },
  size: 1,
  height: 0,
});

/** From the node's first character to the last of its value, without the comment and blank lines after it. */
const spanOf = (node: { readonly range?: readonly number[] | null | undefined }, otherwise: Span): Span => ({
  start: node.range?.[0] ?? otherwise.start,
  end: node.range?.[1] ?? otherwise.end,
});
