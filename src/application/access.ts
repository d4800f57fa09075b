/**
 * What a login must be allowed for a pipeline, from the pipeline alone: each action with the scope it is needed on, and
 * the fewest and narrowest built-in roles that allow them, on the smallest scopes that are there before the first run.
 */
import { groupIdOf } from "../clients/azure/id.ts";
import { allows } from "../preflight/azure/permission.ts";
import type { Request } from "../run/prepare.ts";
import { type AzureRole, azureRoles } from "./azure-roles.ts";
import { type Needs, needsOf } from "./preflight.ts";

/** One action on a scope, and who needs it. */
export interface Permission {
  readonly action: string;
  /** ARM id of the smallest scope that it can be granted on beforehand. */
  readonly scope: string;
  /** For assigning roles: those that are assigned. */
  readonly roles: readonly string[];
  readonly steps: readonly string[];
}

/** A role to give to the login. */
export interface Grant {
  readonly scope: string;
  readonly role: string;
  /** For a role that assigns roles: the only ones that it must be able to assign. */
  readonly mayAssign: readonly string[] | undefined;
  readonly steps: readonly string[];
}

export interface Access {
  readonly permissions: readonly Permission[];
  readonly grants: readonly Grant[];
  /** What no role in the table allows. */
  readonly uncovered: readonly Permission[];
  /** Steps whose needs follow only from what an earlier run makes. */
  readonly unknown: readonly string[];
}

/** Pure: asks nobody. The subscription's literal stands in scopes where none was given. */
export const accessOf = (request: Request): Access => {
  const needs = needsOf(request, () => "create", later);
  const subscription = `/subscriptions/${request.setting.site.subscription}`;
  const made = new Set(needs.flatMap(({ ref, readOnly }) => (ref && !readOnly ? [plain(ref.id)] : [])));
  const found = needs.flatMap(({ step, needed }) =>
    needed.flatMap((requirement) =>
      requirement.kind === "permission" && !requirement.scope.includes(later)
        ? [
            {
              action: requirement.action,
              scope: grantable(requirement.scope, subscription, made),
              roles: requirement.roles ?? [],
              steps: [step],
            },
          ]
        : [],
    ),
  );
  const permissions = together(found);
  const grants = grantsFor(permissions);
  return {
    permissions,
    grants,
    uncovered: permissions.filter((permission) => !grants.some((grant) => covers(grant, permission))),
    unknown: needs.filter(isUnknown).map(({ step }) => step),
  };
};

/** Stands in a scope for what nobody knows yet; no name in Azure holds it. */
const later = "<known later>";

/** Steps of other families ask for nothing in Azure. */
const isUnknown = ({ known, family, needed }: Needs): boolean =>
  family === "arm" &&
  (!known || needed.some((each) => each.kind === "permission" && each.scope.includes(later)));

const plain = (id: string): string => id.replace(/#.*$/, "").toLowerCase();

/** A role can be given on what is there: above everything that the pipeline itself makes. */
const grantable = (scope: string, subscription: string, made: ReadonlySet<string>): string => {
  const full = scope.startsWith("/subscriptions/") ? scope : `${subscription}${scope}`;
  const group = groupIdOf(full);
  if (group === undefined || made.has(plain(group))) return rootOf(full);
  const parts = full.split("/");
  // A resource and those that it lies in: pairs of type and name behind the provider.
  const places = parts.map((_, index) => parts.slice(0, index + 1).join("/")).slice(group.split("/").length);
  return places.some((place) => made.has(plain(place))) ? group : full;
};

const rootOf = (scope: string): string => /^\/subscriptions\/[^/]+/i.exec(scope)?.[0] ?? scope;

const together = (found: readonly Permission[]): readonly Permission[] =>
  [...Map.groupBy(found, ({ action, scope }) => `${scope} ${action}`.toLowerCase()).values()].flatMap(
    (group) =>
      group.slice(0, 1).map(({ action, scope }) => ({
        action,
        scope,
        roles: unique(group.flatMap(({ roles }) => roles)),
        steps: unique(group.flatMap(({ steps }) => steps)),
      })),
  );

const unique = (items: readonly string[]): readonly string[] => [...new Set(items)];

/** Wide scopes first: what is granted there need not be granted again below. */
const grantsFor = (permissions: readonly Permission[]): readonly Grant[] => {
  const scopes = unique(permissions.map(({ scope }) => scope)).toSorted((a, b) => a.length - b.length);
  const grants: Grant[] = [];
  for (const scope of scopes) {
    const here = permissions.filter((permission) => permission.scope === scope);
    const open = here.filter((permission) => !grants.some((grant) => covers(grant, permission)));
    const roles = rolesFor(open);
    grants.push(...roles.map((role) => grantOf(role, roles, scope, open)));
  }
  return grants;
};

/** The narrowest role for each action, without those that the others make superfluous. */
const rolesFor = (permissions: readonly Permission[]): readonly AzureRole[] => {
  const narrowest = permissions.flatMap(
    ({ action }) => azureRoles.find((role) => allows([role], action)) ?? [],
  );
  const chosen = azureRoles.filter((role) => narrowest.includes(role));
  const allowed = permissions.filter(({ action }) => allows(chosen, action));
  return chosen.reduce<readonly AzureRole[]>((kept, role) => {
    const others = kept.filter((other) => other !== role);
    return allowed.every(({ action }) => allows(others, action)) ? others : kept;
  }, chosen);
};

const assigns = /^Microsoft\.Authorization\/roleAssignments\/(write|delete)$/i;

/** `roles`: all that are given on the scope. What several of them allow is said to be the widest one's. */
const grantOf = (
  role: AzureRole,
  roles: readonly AzureRole[],
  scope: string,
  permissions: readonly Permission[],
): Grant => {
  const those = permissions.filter(({ action }) => roles.findLast((each) => allows([each], action)) === role);
  const assigned = those.filter(({ action }) => assigns.test(action));
  return {
    scope,
    role: role.name,
    mayAssign: assigned.length === 0 ? undefined : unique(assigned.flatMap(({ roles: each }) => each)),
    steps: unique(those.flatMap(({ steps }) => steps)),
  };
};

const covers = (grant: Grant, { action, scope, roles }: Permission): boolean => {
  const role = azureRoles.find(({ name }) => name === grant.role);
  const within = plain(scope) === plain(grant.scope) || plain(scope).startsWith(`${plain(grant.scope)}/`);
  if (!role || !within || !allows([role], action)) return false;
  return !assigns.test(action) || roles.every((each) => grant.mayAssign?.includes(each) ?? true);
};
