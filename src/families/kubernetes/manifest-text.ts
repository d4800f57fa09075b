/** Reads manifests as kubectl does: several documents, Lists unfolded, YAML 1.1 as far as Go's reader knows it. */
import { parseAllDocuments, type Tags } from "yaml";
import { Failure } from "../../step/failure.ts";
import { type Draft, isEntries, lazyCopy } from "./draft.ts";
import { shownName } from "./object-id.ts";

/** `0644` is octal and `yes` is true, as in kubectl; dates and `22:22` stay text, as there. */
const kubectlTags = (tags: Tags): Tags =>
  tags.filter(
    (tag) =>
      typeof tag !== "string" &&
      tag.format !== "TIME" &&
      !/:(timestamp|binary|set|omap|pairs)$/.test(tag.tag),
  );

const invalid = (origin: string, message: string, hint?: string): Failure =>
  new Failure({ kind: "rejected", code: "P0710", message: `${origin}: ${message}`, resource: origin, hint });

/** @throws Failure `rejected` (P0710) for what is no object of a Kubernetes API. Values are never quoted. */
export const draftOf = (value: unknown, origin: string): Draft => {
  if (!isEntries(value)) throw invalid(origin, "is not a Kubernetes object");
  const { apiVersion, kind, metadata } = value;
  if (typeof apiVersion !== "string" || typeof kind !== "string")
    throw invalid(origin, "has no `apiVersion` or no `kind`");
  if (!isEntries(metadata) || typeof metadata.name !== "string" || metadata.name === "") {
    throw invalid(
      origin,
      `${kind} has no \`metadata.name\``,
      "`generateName` makes another object each time: give it a name.",
    );
  }
  if (metadata.namespace !== undefined && typeof metadata.namespace !== "string")
    throw invalid(origin, `the namespace of ${kind} ${metadata.name} is not a text`);
  const { name, namespace } = metadata;
  const own = lazyCopy(metadata, () => false, { name, namespace });
  return lazyCopy(value, () => false, { apiVersion, kind, metadata: own });
};

const unfolded = (value: unknown, origin: string): readonly Draft[] => {
  if (isEntries(value) && typeof value.kind === "string" && value.kind.endsWith("List")) {
    const { items } = value;
    if (Array.isArray(items)) return items.flatMap((item) => unfolded(item, origin));
  }
  return [draftOf(value, origin)];
};

/** Every object in a file's text. Empty documents are left out. */
export const draftsIn = (text: string, origin: string): readonly Draft[] => {
  const documents = parseAllDocuments(text, { version: "1.1", customTags: kubectlTags, logLevel: "silent" });
  if (!Array.isArray(documents)) return [];
  return documents.flatMap((document) => {
    const [error] = document.errors;
    if (error) {
      const line = error.linePos?.[0].line;
      throw invalid(line === undefined ? origin : `${origin}:${line}`, `is not valid YAML (${error.code})`);
    }
    const value: unknown = document.toJS({ maxAliasCount: 100 });
    return value === null || value === undefined ? [] : unfolded(value, origin);
  });
};

/** @throws Failure `rejected` (P0710) where two sources describe one object. */
export const refuseDuplicates = (
  drafts: readonly { readonly draft: Draft; readonly origin: string }[],
): void => {
  const seen = new Map<string, string>();
  for (const { draft, origin } of drafts) {
    const { apiVersion, kind, metadata } = draft;
    const group = apiVersion.includes("/") ? (apiVersion.split("/")[0] ?? "") : "";
    const key = `${group} ${kind} ${metadata.namespace ?? "default"}/${metadata.name}`;
    const first = seen.get(key);
    const name = shownName({ apiVersion, kind, name: metadata.name, namespace: metadata.namespace });
    if (first !== undefined) throw invalid(origin, `${name} is described here and in ${first}`);
    seen.set(key, origin);
  }
};
