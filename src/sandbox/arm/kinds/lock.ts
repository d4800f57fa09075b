/** Microsoft.Authorization/locks: on a subscription, a group or a resource. */
import { z } from "zod";
import { defineKind } from "../define-kind.ts";
import { badRequest } from "../errors.ts";

const schema = z.looseObject({
  properties: z.looseObject({ level: z.string(), notes: z.string().optional() }),
});

export const lock = defineKind<z.infer<typeof schema>>({
  type: "Microsoft.Authorization/locks",
  home: "any",
  located: false,
  schema,
  validate({ body }) {
    if (body.properties.level === "CanNotDelete" || body.properties.level === "ReadOnly") return;
    throw badRequest(
      "LockLevelNotSupported",
      `The lock level '${body.properties.level}' is not supported. The supported levels are 'CanNotDelete,ReadOnly'.`,
    );
  },
  create: ({ body }) => body,
  update: ({ body }) => body,
});
