/** A value that no shape is asked of: a pipeline's output, or the input of a step whose type is not known. */
import type { CheckContext, Place } from "./context.ts";
import type { Template } from "./pipeline.ts";
import { holdsSecret } from "./shapes.ts";
import { typedScalar } from "./templates.ts";
import type { TreeNode } from "./yaml-tree.ts";

export interface FreelyBound {
  readonly template: Template;
  /** True where a secret flows into it. */
  readonly secret: boolean;
}

/** Checks only the expressions in the node. */
export const bindFreely = (node: TreeNode, context: CheckContext, place: Place): FreelyBound => {
  const location = context.source.locate(node);
  switch (node.kind) {
    case "scalar": {
      const { template, shape } = typedScalar(node, context, place);
      return { template, secret: shape !== undefined && holdsSecret(shape) };
    }
    case "list": {
      const items = node.items.map((item) => bindFreely(item, context, place));
      return {
        template: { kind: "list", items: items.map((item) => item.template), location },
        secret: items.some((item) => item.secret),
      };
    }
    case "map": {
      const entries = node.entries.map(({ key, value }) => [key, bindFreely(value, context, place)] as const);
      return {
        template: {
          kind: "map",
          entries: new Map(entries.map(([key, bound]) => [key, bound.template])),
          location,
        },
        secret: entries.some(([, bound]) => bound.secret),
      };
    }
  }
};
