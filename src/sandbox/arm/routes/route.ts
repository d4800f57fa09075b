/** A route of ARM: a method, a path without regard to case, and what answers. */
import { z } from "zod";
import type { Call, Reply } from "../../http/call.ts";
import { authorize } from "../access.ts";
import type { Core } from "../core.ts";
import { badRequest } from "../errors.ts";

export interface Request {
  readonly core: Core;
  readonly call: Call;
  /** Object id of the caller. */
  readonly caller: string;
  /** What the pattern's groups matched. */
  readonly parts: readonly string[];
}

export interface Route {
  readonly method: string;
  readonly pattern: RegExp;
  answer(request: Request): Reply;
}

export const requireAction = (request: Request, action: string, scope: string): void =>
  authorize(request.core.arm, request.caller, action, scope);

/** The body as JSON; ARM's own refusal where it is none. */
export const bodyOf = <Body>(call: Call, schema: z.ZodType<Body>): Body => {
  let value: unknown;
  try {
    value = JSON.parse(call.body);
  } catch {
    throw badRequest(
      "InvalidRequestContent",
      "The request content was invalid and could not be deserialized: 'Unexpected end of content or malformed JSON.'",
    );
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw badRequest(
    "InvalidRequestContent",
    `The request content was invalid and could not be deserialized: '${issue?.message ?? ""}. Path '${issue?.path.join(".") ?? ""}'.'`,
  );
};

/** ARM's limits: 50 tags, names up to 512 and values up to 256 characters. */
export const tagsSchema = z.record(z.string(), z.string());

export const checkTags = (tags: Readonly<Record<string, string>> | undefined): void => {
  for (const [name, value] of Object.entries(tags ?? {})) {
    if (name.length > 512 || /[<>%&\\?/]/.test(name)) {
      throw badRequest(
        "InvalidTagNameCharacters",
        `The tag names '${name}' have reserved characters '<,>,%,&,\\,?,/' or control characters.`,
      );
    }
    if (value.length > 256) {
      throw badRequest(
        "InvalidTagValueLength",
        `Tag value too large. Tag value can be at most '256' characters. Tag '${name}'.`,
      );
    }
  }
  if (Object.keys(tags ?? {}).length > 50) {
    throw badRequest("TooManyTags", "The number of tags on a resource can't exceed 50.");
  }
};

/** What `$filter=tagName eq 'a' and tagValue eq 'b'` and `resourceType eq 'c'` ask for. */
export const filterOf = (call: Call): ReadonlyMap<string, string> => {
  const filter = call.query.get("$filter") ?? "";
  const terms = new Map<string, string>();
  for (const match of filter.matchAll(/(\w+)\s+eq\s+'((?:[^']|'')*)'/gi)) {
    terms.set((match[1] ?? "").toLowerCase(), (match[2] ?? "").replaceAll("''", "'"));
  }
  return terms;
};

export const matchesTags = (
  tags: Readonly<Record<string, unknown>> | undefined,
  filter: ReadonlyMap<string, string>,
): boolean => {
  const name = filter.get("tagname");
  const value = filter.get("tagvalue");
  if (name === undefined) return true;
  const key = Object.keys(tags ?? {}).find((candidate) => candidate.toLowerCase() === name.toLowerCase());
  return key !== undefined && (value === undefined || tags?.[key] === value);
};

/** A page of a collection; the sandbox gives everything in one unless `$top` asks for less. */
export const page = (core: Core, call: Call, values: readonly unknown[]): Reply => {
  const top = Number(call.query.get("$top") ?? call.query.get("top") ?? 0);
  const from = Number(call.query.get("$skiptoken") ?? 0);
  if (!top || from + top >= values.length) return { status: 200, body: { value: values.slice(from) } };
  const query = new URLSearchParams(call.query);
  query.set("$skiptoken", String(from + top));
  return {
    status: 200,
    body: {
      value: values.slice(from, from + top),
      nextLink: `${core.arm.world.url()}${encodeURI(call.path)}?${query}`,
    },
  };
};
