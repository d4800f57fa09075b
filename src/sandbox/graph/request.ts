/** Parts of OData that the directory's collections share: keys in paths, filters, pages, bodies. */
import type { z } from "zod";
import type { Call, Reply } from "../http/call.ts";
import { badRequest, GraphError, invalidValue } from "./errors.ts";

/** `(uniqueName='it''s')` → `{ property: "uniqueName", value: "it's" }`; `/{id}` → `{ property: "id", … }`. */
export interface Key {
  readonly property: string;
  readonly value: string;
}

const alternate = /^\((\w+)='((?:[^']|'')*)'\)$/;

/** A key of a path's segment: in brackets after the collection's name, or the segment that follows it. */
export const keyOf = (text: string): Key => {
  const match = alternate.exec(text);
  if (match) return { property: match[1] ?? "", value: (match[2] ?? "").replaceAll("''", "'") };
  return { property: "id", value: text.replace(/^\//, "") };
};

/** The body as JSON of this shape. Properties beside those are refused by name, as the directory does. */
export const bodyOf = <Body>(call: Call, schema: z.ZodType<Body>, resource: string): Body => {
  let value: unknown;
  try {
    value = JSON.parse(call.body);
  } catch {
    throw new GraphError(
      400,
      "BadRequest",
      "Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid JSON format.",
    );
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  if (issue?.code === "unrecognized_keys") throw badRequest(`Invalid property '${issue.keys[0] ?? ""}'.`);
  throw invalidValue(String(issue?.path[0] ?? ""), resource);
};

const anyTag = /^tags\/any\(\s*(\w+)\s*:\s*\1\s+eq\s+'((?:[^']|'')*)'\s*\)$/i;
const equals = /^(\w+)\s+eq\s+'((?:[^']|'')*)'$/i;

/** What `$filter` lets pass: `x eq '…'` and `tags/any(t:t eq '…')`, joined by `and`. */
export const filterOf = (call: Call): ((item: object) => boolean) => {
  const filter = call.query.get("$filter");
  if (
    call.query.has("$search") ||
    call.query.has("$count") ||
    /\bne\b|\bnot\b|endswith/i.test(filter ?? "")
  ) {
    // https://learn.microsoft.com/graph/aad-advanced-queries
    if (call.headers.consistencylevel?.toLowerCase() !== "eventual") {
      throw new GraphError(400, "Request_UnsupportedQuery", "Unsupported Query.");
    }
  }
  if (filter === null) return () => true;
  const terms = filter.split(/\s+and\s+/i).map((term) => {
    const tag = anyTag.exec(term.trim())?.[2];
    if (tag !== undefined) {
      return (item: object) => {
        const tags: unknown = Reflect.get(item, "tags");
        return Array.isArray(tags) && tags.includes(tag.replaceAll("''", "'"));
      };
    }
    const [, property, value] = equals.exec(term.trim()) ?? [];
    if (property === undefined || value === undefined) {
      throw badRequest("Invalid filter clause");
    }
    return (item: object) => Reflect.get(item, property) === value.replaceAll("''", "'");
  });
  return (item) => terms.every((term) => term(item));
};

/** Entries of a page at most, and where nothing is asked for: 100 of the directory's objects. */
const pageSize = { most: 999, usual: 100 };

export const pageReply = (call: Call, base: string, items: readonly object[]): Reply => {
  const asked = Number(call.query.get("$top") ?? pageSize.usual);
  if (!Number.isInteger(asked) || asked < 1 || asked > pageSize.most) {
    throw badRequest(
      `Invalid page size specified: '${call.query.get("$top")}'. Must be between 1 and 999 inclusive.`,
    );
  }
  const from = Number(call.query.get("$skiptoken") ?? 0);
  const query = new URLSearchParams(call.query);
  query.set("$skiptoken", String(from + asked));
  return {
    status: 200,
    body: {
      "@odata.context": `${base}/$metadata`,
      ...(from + asked < items.length ? { "@odata.nextLink": `${base}/${restOf(call)}?${query}` } : {}),
      value: items.slice(from, from + asked),
    },
  };
};

const restOf = (call: Call): string => encodeURI(call.path.replace(/^\/graph\/v1\.0\//, ""));

/** Whether a PATCH may create: without it a missing thing is a 404. */
export const createsIfMissing = (call: Call): boolean =>
  /\bcreate-if-missing\b/i.test(call.headers.prefer ?? "");
