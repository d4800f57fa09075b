/** ARM ids: taken apart without regard to case, and put together in one spelling. */

/** What a path below a provider names: a resource, or (with one type more than names) a collection or an action. */
export interface Target {
  /** What is before the last `/providers/`: a subscription, a group, or a resource for extensions. No final slash. */
  readonly scope: string;
  readonly namespace: string;
  readonly types: readonly string[];
  readonly names: readonly string[];
}

/** Takes apart `…/providers/Namespace/type/name[/type/name…]`; undefined for another form. */
export const parseTarget = (path: string): Target | undefined => {
  const at = path.toLowerCase().lastIndexOf("/providers/");
  if (at < 0) return undefined;
  const [namespace, ...rest] = path
    .slice(at + "/providers/".length)
    .split("/")
    .filter((part) => part !== "");
  if (namespace === undefined || rest.length === 0) return undefined;
  return {
    scope: path.slice(0, at),
    namespace,
    types: rest.filter((_, index) => index % 2 === 0),
    names: rest.filter((_, index) => index % 2 === 1),
  };
};

export const typeOf = (target: Target, levels = target.types.length): string =>
  [target.namespace, ...target.types.slice(0, levels)].join("/");

/** Subscription and group that a scope or id lies in. */
export const placeOf = (path: string): { readonly subscription?: string; readonly group?: string } => {
  const match = /^\/subscriptions\/([^/]+)(?:\/resourcegroups\/([^/]+))?/i.exec(path);
  return {
    ...(match?.[1] === undefined ? {} : { subscription: match[1] }),
    ...(match?.[2] === undefined ? {} : { group: match[2] }),
  };
};

/** Ids are compared so. */
export const keyOf = (id: string): string => id.toLowerCase().replace(/\/+$/, "");

/** Whether `id` is `scope` or lies below it. */
export const isWithin = (id: string, scope: string): boolean => {
  const inner = keyOf(id);
  const outer = keyOf(scope);
  return outer === "" || inner === outer || inner.startsWith(`${outer}/`);
};

/** The id one level up: a child's parent resource, a resource's group, a group's subscription. */
export const lastName = (id: string): string => id.slice(id.lastIndexOf("/") + 1);
