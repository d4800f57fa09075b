/** Reading the document's own maps: which keys there are, which must be, and of what form each is. */
import type { Code } from "./codes.ts";
import type { Report } from "./report.ts";
import type { Span } from "./source.ts";
import { didYouMean } from "./suggest.ts";
import { type Entry, type MapNode, reservedNames, type TreeNode } from "./yaml-tree.ts";

export type Fields = ReadonlyMap<string, Entry>;

/** What a node is, for messages. */
export const nodeKind = (node: TreeNode): string => {
  switch (node.kind) {
    case "map":
      return "a map";
    case "list":
      return "a list";
    case "scalar":
      if (node.value === null) return "empty";
      if (typeof node.value === "string") return "a text";
      return typeof node.value === "number" ? "a number" : "true or false";
  }
};

export const wrongForm = (
  report: Report,
  node: Span & TreeNode,
  what: string,
  needed: string,
  hint?: string,
): void => report.error("P0101", node, `${what} must be ${needed}, and is ${nodeKind(node)}.`, { hint });

/** The node as a map; anything else is reported, but for an empty one, which is a map without entries. */
export const asMap = (node: TreeNode, what: string, report: Report, hint?: string): MapNode | undefined => {
  if (node.kind === "map") return node;
  if (node.kind === "scalar" && node.value === null) return { ...node, kind: "map", entries: [] };
  wrongForm(report, node, what, "a map", hint);
  return undefined;
};

/** The entries of a top-level key's map; none where the key is not there. */
export const entriesOf = (entry: Entry | undefined, what: string, report: Report): readonly Entry[] =>
  (entry && asMap(entry.value, what, report)?.entries) ?? [];

/** The entries by key. Keys that are not among the known ones are reported, and left out. */
export const fieldsOf = (
  map: MapNode,
  what: string,
  known: readonly string[],
  report: Report,
  otherHint: (key: string) => string | undefined = () => undefined,
): Fields => {
  const fields = new Map<string, Entry>();
  for (const entry of map.entries) {
    if (known.includes(entry.key)) fields.set(entry.key, entry);
    else
      report.error("P0102", entry.keySpan, `${what} has no \`${entry.key}\`.`, {
        hint: () => otherHint(entry.key) ?? didYouMean(entry.key, known),
      });
  }
  return fields;
};

export const asText = (
  node: TreeNode,
  what: string,
  report: Report,
  code: Code = "P0101",
): string | undefined => {
  if (node.kind === "scalar" && typeof node.value === "string") return node.value;
  report.error(code, node, `${what} must be a text, and is ${nodeKind(node)}.`, {
    hint: node.kind === "scalar" && node.value !== null ? "Put it in quotes." : undefined,
  });
  return undefined;
};

export const asBoolean = (node: TreeNode, what: string, report: Report): boolean => {
  if (node.kind === "scalar" && typeof node.value === "boolean") return node.value;
  report.error("P0109", node, `${what} must be true or false, and is ${nodeKind(node)}.`);
  return false;
};

const identifier = /^[A-Za-z][A-Za-z0-9_-]*$/;

/** Names that expressions read must be what the expression language takes after a dot. */
export const checkIdentifier = (entry: Entry, what: string, length: number, report: Report): boolean => {
  if (identifier.test(entry.key) && entry.key.length <= length && !reservedNames.has(entry.key)) return true;
  report.error("P0105", entry.keySpan, `\`${entry.key.slice(0, 80)}\` is no name for ${what}.`, {
    hint: `A name starts with a letter, goes on with letters, digits, \`-\` and \`_\`, and has at most ${length} characters.`,
  });
  return false;
};
