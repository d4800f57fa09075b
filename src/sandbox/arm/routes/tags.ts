/** Microsoft.Resources/tags/default: the tags of a group or resource, whatever its type. */
import { z } from "zod";
import type { Reply } from "../../http/call.ts";
import { freshEtag } from "../core.ts";
import { parseTarget, placeOf } from "../id.ts";
import { refuseLocked } from "../locks.ts";
import { groupNamed } from "./groups.ts";
import { missing } from "./resource-views.ts";
import { bodyOf, checkTags, type Request, type Route, requireAction, tagsSchema } from "./route.ts";

const path = /^(.*)\/providers\/microsoft\.resources\/tags\/default\/?$/i;

interface Tagged {
  readonly tags: Readonly<Record<string, string>>;
  set(tags: Record<string, string>): void;
}

const taggedAt = ({ core }: Request, scope: string): Tagged => {
  const target = parseTarget(scope);
  if (!target) {
    const group = groupNamed(core, placeOf(scope).group ?? "");
    return {
      tags: group.tags ?? {},
      set: (tags) => {
        group.tags = tags;
      },
    };
  }
  const resource = core.arm.find(scope);
  const kind = resource && core.kindOf(resource.type);
  if (!resource || !kind) {
    const type = core.kindOf([target.namespace, ...target.types].join("/"));
    if (type) throw missing(core, type, scope);
    return { tags: {}, set: () => undefined };
  }
  return {
    tags: tagsSchema.safeParse(resource.body.tags).data ?? {},
    set: (tags) => core.save(kind, { ...resource, body: { ...resource.body, tags }, etag: freshEtag() }),
  };
};

const show = (scope: string, tags: Readonly<Record<string, string>>): Reply => ({
  status: 200,
  body: {
    id: `${scope}/providers/Microsoft.Resources/tags/default`,
    name: "default",
    type: "Microsoft.Resources/tags",
    properties: { tags },
  },
});

const document = z.looseObject({
  operation: z.enum(["Merge", "Replace", "Delete"]).optional(),
  properties: z.looseObject({ tags: tagsSchema.default({}) }),
});

const write = (request: Request): Reply => {
  const [scope = ""] = request.parts;
  requireAction(request, "Microsoft.Resources/tags/write", scope);
  refuseLocked(request.core.arm, scope, "write");
  const tagged = taggedAt(request, scope);
  const { operation = "Replace", properties } = bodyOf(request.call, document);
  checkTags(properties.tags);
  const kept = Object.entries(tagged.tags).filter(
    ([name, value]) => operation !== "Delete" || properties.tags[name] !== value,
  );
  const tags = operation === "Replace" ? properties.tags : Object.fromEntries(kept);
  const written = operation === "Merge" ? { ...tags, ...properties.tags } : tags;
  tagged.set(written);
  request.core.arm.changed();
  return show(scope, written);
};

export const tagRoutes: readonly Route[] = [
  {
    method: "GET",
    pattern: path,
    answer: (request) => {
      const [scope = ""] = request.parts;
      requireAction(request, "Microsoft.Resources/tags/read", scope);
      return show(scope, taggedAt(request, scope).tags);
    },
  },
  { method: "PUT", pattern: path, answer: write },
  { method: "PATCH", pattern: path, answer: write },
];
