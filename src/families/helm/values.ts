/**
 * Chart values as a tree whose leaves are read one by one: at plan time a value that is not known yet throws when
 * it is touched, and must defer nothing but itself. What a step maps and what its user writes freely are two such
 * trees, merged as Helm merges values files. Pure.
 */
import type { Json, JsonObject } from "../../clients/helm/client.ts";

export type ReadValue = () => Json | undefined;

export type ValueTree =
  /** `undefined` leaves the value to the chart. */
  | { readonly kind: "leaf"; readonly read: ReadValue }
  | { readonly kind: "branch"; readonly entries: ReadonlyMap<string, ValueTree> };

export interface ValueLeaf {
  readonly keys: readonly string[];
  readonly read: ReadValue;
}

/** `{ "controller.replicaCount": () => 2 }` as a tree. Keys with dots in them stand inside a value. */
export const mappedTree = (values: Readonly<Record<string, ReadValue>>): ValueTree =>
  Object.entries(values)
    .map(([path, read]) =>
      path
        .split(".")
        .reduceRight<ValueTree>(
          (inner, key) => ({ kind: "branch", entries: new Map([[key, inner]]) }),
          valueTree(read),
        ),
    )
    .reduce(mergeTrees, emptyTree);

export const emptyTree: ValueTree = { kind: "branch", entries: new Map() };

/** The tree of a value that is read now as far as it is known; what can't be read yet becomes a leaf. */
export const valueTree = (read: ReadValue): ValueTree => {
  const value = readable(read);
  if (!value.known || !isObject(value.value)) return { kind: "leaf", read: () => plain(read()) };
  const object = value.value;
  return {
    kind: "branch",
    entries: new Map(Object.keys(object).map((key) => [key, valueTree(() => object[key])])),
  };
};

/** What throws here throws again when the leaf is read, where somebody waits for it. */
const readable = (
  read: ReadValue,
): { readonly known: true; readonly value: Json | undefined } | { readonly known: false } => {
  try {
    return { known: true, value: read() };
  } catch {
    return { known: false };
  }
};

/** `over` wins; objects are merged key by key, everything else is replaced. */
export const mergeTrees = (under: ValueTree, over: ValueTree): ValueTree => {
  if (under.kind === "leaf" || over.kind === "leaf") return over;
  const entries = new Map(under.entries);
  for (const [key, tree] of over.entries) {
    const below = entries.get(key);
    entries.set(key, below ? mergeTrees(below, tree) : tree);
  }
  return { kind: "branch", entries };
};

/** Every leaf with the keys that lead to it. */
export const leavesOf = (tree: ValueTree, keys: readonly string[] = []): readonly ValueLeaf[] =>
  tree.kind === "leaf"
    ? [{ keys, read: tree.read }]
    : [...tree.entries].flatMap(([key, inner]) => leavesOf(inner, [...keys, key]));

/** The whole as Helm gets it. Throws where a leaf is not known. */
export const valuesOf = (tree: ValueTree): JsonObject => {
  const value = built(tree);
  return isObject(value) ? value : {};
};

const built = (tree: ValueTree): Json | undefined => {
  if (tree.kind === "leaf") return tree.read();
  const object: JsonObject = {};
  for (const [key, inner] of tree.entries) {
    const value = built(inner);
    if (value !== undefined) object[key] = value;
  }
  return object;
};

/** The value that the keys lead to. */
export const valueAt = (value: Json | undefined, keys: readonly string[]): Json | undefined =>
  keys.reduce<Json | undefined>(
    (inner, key) => (isObject(inner) && Object.hasOwn(inner, key) ? inner[key] : undefined),
    value,
  );

/** `controller.replicaCount`, `annotations["a.b/c"]`: as people write where a value is. */
export const pathOf = (keys: readonly string[]): string =>
  keys
    .map((key, index) =>
      /^[A-Za-z0-9_-]+$/.test(key) ? `${index === 0 ? "" : "."}${key}` : `[${JSON.stringify(key)}]`,
    )
    .join("");

export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A copy in which everything was touched, so that nothing unknown is met later. */
const plain = (value: Json | undefined): Json | undefined => {
  if (Array.isArray(value)) return value.map((item) => plain(item) ?? null);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.keys(value).map((key) => [key, plain(value[key]) ?? null]));
};
