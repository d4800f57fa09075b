/**
 * YAML text → a tree of plain nodes that know their place. What a pipeline may not hold (tags, merge keys, several
 * documents, alias bombs) is refused here, so that the rest of the language sees maps, lists and scalars only.
 */
import { isAlias, isMap, isScalar, isSeq, type Scalar, type YAMLMap, type YAMLSeq } from "yaml";
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
    report.error("P0001", { start: 0, end: 0 }, "The file is larger than 4 MB.", {
      hint: "Split it into several pipelines.",
    });
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
  return convert(document.contents, report, source);
};

/** What an anchor holds, and what each alias of it costs. */
interface Anchored {
  readonly node: TreeNode;
  /** Values in it, those behind aliases included. */
  readonly size: number;
  readonly height: number;
}

const convert = (root: unknown, report: Report, source: Source): TreeNode | undefined => {
  const anchors = new Map<string, Anchored | "open">();
  let values = 0;
  let deepest = 0;
  let aliased = 0;
  let stopped = false;

  const stop = (code: Code, span: Span, message: string): TreeNode => {
    if (!stopped) report.error(code, span, message);
    stopped = true;
    return nothing(span.start, span.end);
  };

  const visit = (value: unknown, start: number, end: number, depth: number): TreeNode => {
    if (stopped) return nothing(start, end);
    if (isAlias(value))
      return follow(value.source, { start: startOf(value, start), end: endOf(value, end) }, depth);
    if (!isScalar(value) && !isMap(value) && !isSeq(value)) return nothing(start, end);
    const { anchor } = value;
    if (!anchor) return visitContent(value, start, end, depth);
    const before = { values, deepest };
    deepest = depth;
    anchors.set(anchor, "open");
    const node = visitContent(value, start, end, depth);
    anchors.set(anchor, { node, size: values - before.values, height: deepest - depth });
    deepest = Math.max(deepest, before.deepest);
    return node;
  };

  const follow = (name: string, span: Span, depth: number): TreeNode => {
    const target = anchors.get(name);
    if (target === undefined) return stop("P0008", span, `No anchor \`&${name}\` comes before this.`);
    if (target === "open") return stop("P0008", span, `\`*${name}\` contains itself.`);
    aliased += target.size;
    values += target.size;
    deepest = Math.max(deepest, depth + target.height);
    if (aliased > limits.aliasedValues)
      return stop("P0009", span, `Aliases repeat more than ${limits.aliasedValues} values.`);
    return deepest > limits.depth ? tooDeep(span) : target.node;
  };

  const tooDeep = (span: Span): TreeNode =>
    stop("P0003", span, `The nesting is deeper than ${limits.depth} levels.`);

  const visitContent = (
    value: Scalar | YAMLMap | YAMLSeq,
    emptyStart: number,
    emptyEnd: number,
    depth: number,
  ): TreeNode => {
    values++;
    const start = startOf(value, emptyStart);
    const end = endOf(value, emptyEnd);
    if (isScalar(value)) return { kind: "scalar", value: scalar(value.value, start, end), start, end };
    if (depth >= limits.depth) return tooDeep({ start, end });
    deepest = Math.max(deepest, depth + 1);
    if (isSeq(value))
      return {
        kind: "list",
        items: value.items.map((item) => visit(item, start, end, depth + 1)),
        start,
        end,
      };
    const seen = new Map<string, Span>();
    const entries: Entry[] = [];
    for (const pair of value.items) {
      if (!isScalar(pair.key)) {
        report.error("P0011", { start, end }, "A key must be a string.");
        continue;
      }
      const key = String(pair.key.value);
      const keySpan = { start: startOf(pair.key, start), end: endOf(pair.key, end) };
      if (acceptKey(key, keySpan, seen))
        entries.push({ key, keySpan, value: visit(pair.value, keySpan.end, keySpan.end, depth + 1) });
    }
    return { kind: "map", entries, start, end };
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

  const scalar = (value: unknown, start: number, end: number): ScalarValue => {
    if (typeof value === "string" || typeof value === "boolean" || value === null) return value;
    if (typeof value === "number") {
      if (Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value))) return value;
      report.error("P0015", { start, end }, "This number cannot be held exactly.", {
        hint: "As text, put it in quotes.",
      });
      return source.text.slice(start, end);
    }
    return null;
  };

  const tree = visit(root, 0, 0, 0);
  return stopped ? undefined : tree;
};

const nothing = (start: number, end: number): TreeNode => ({ kind: "scalar", value: null, start, end });

interface Ranged {
  /** First character, end of the value, end with the comment and blank lines after it. */
  readonly range?: readonly number[] | null | undefined;
}

const startOf = ({ range }: Ranged, otherwise: number): number => range?.[0] ?? otherwise;
const endOf = ({ range }: Ranged, otherwise: number): number => range?.[1] ?? otherwise;
