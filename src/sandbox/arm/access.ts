/** Who may do what where: role assignments on a scope and above it, with their conditions, as ARM evaluates them. */
import { z } from "zod";
import { allows, type Role, roleById, roleByName } from "./catalogue/roles.ts";
import { ArmError } from "./errors.ts";
import { isWithin } from "./id.ts";
import type { Arm } from "./kind.ts";

const assignment = z.looseObject({
  properties: z.looseObject({
    principalId: z.string(),
    roleDefinitionId: z.string(),
    scope: z.string(),
    condition: z.string().nullish(),
  }),
});

/** A role that a principal holds; a conditional one allows what touches role assignments only as far as that goes. */
export interface Held extends Role {
  readonly condition?: string | undefined;
}

/** What is written or deleted where an action is about a role assignment, for conditions. */
export interface Assigned {
  readonly roleDefinitionId: string;
  readonly principalType: string;
}

/** The roles that a principal holds on a scope. What is not replicated yet is not seen yet. */
export const rolesOn = (arm: Arm, principal: string, scope: string): readonly Held[] => {
  const roles: Held[] = [];
  if (
    principal === arm.settings.principal &&
    isWithin(scope, `/subscriptions/${arm.settings.subscription}`)
  ) {
    for (const name of arm.state.loginRoles) {
      const role = roleByName(name);
      if (role) roles.push(role);
    }
    const { loginActions: actions } = arm.state;
    if (actions.length > 0)
      roles.push({ id: "custom", name: "custom", actions, notActions: [], dataActions: [] });
  }
  for (const resource of arm.ofType("Microsoft.Authorization/roleAssignments")) {
    const parsed = assignment.safeParse(resource.body);
    if (!parsed.success || resource.replicated === false) continue;
    const { principalId, roleDefinitionId, scope: assigned, condition } = parsed.data.properties;
    const role = roleById(roleDefinitionId);
    if (role && principalId.toLowerCase() === principal.toLowerCase() && isWithin(scope, assigned))
      roles.push({ ...role, condition: condition ?? undefined });
  }
  return roles;
};

const assignmentAction = /^Microsoft\.Authorization\/roleAssignments\/(write|delete)$/i;

/**
 * Whether a condition lets an action on a role assignment pass: of the language of conditions only the lists of role
 * GUIDs and principal types are read, in the form of Microsoft's own examples of delegation.
 */
const fulfils = (condition: string | undefined, action: string, assigned: Assigned | undefined): boolean => {
  if (condition === undefined || !assignmentAction.test(action)) return true;
  if (!assigned) return false;
  const listed = (attribute: string): readonly string[] | undefined => {
    const list = new RegExp(`:${attribute}\\]\\s+\\w+:\\w+\\s*\\{([^}]*)\\}`, "i").exec(condition)?.[1];
    return list?.split(",").map((item) => item.replaceAll("'", "").trim().toLowerCase());
  };
  const roles = listed("RoleDefinitionId");
  const types = listed("PrincipalType");
  const role = assigned.roleDefinitionId.toLowerCase().split("/").at(-1) ?? "";
  return (roles?.includes(role) ?? true) && (types?.includes(assigned.principalType.toLowerCase()) ?? true);
};

export const isAllowed = (
  arm: Arm,
  principal: string,
  action: string,
  scope: string,
  assigned?: Assigned,
): boolean =>
  rolesOn(arm, principal, scope).some(
    (role) => allows(role, action) && fulfils(role.condition, action, assigned),
  );

/** Whether a principal may assign and take away a role, its conditions included: 403 as ARM words it where it may not. */
export const authorizeAssignment = (
  arm: Arm,
  principal: string,
  action: string,
  scope: string,
  assigned: Assigned,
): void => {
  if (isAllowed(arm, principal, action, scope, assigned)) return;
  throw new ArmError(
    403,
    "AuthorizationFailed",
    `${callerText(arm, principal)} has an authorization with ABAC condition that is not fulfilled to perform action '${action}' over scope '${scope}' or the scope is invalid. If access was recently granted, please refresh your credentials.`,
  );
};

/** How refusals name a caller: an application by its client id, a managed identity by its object id, twice. */
const callerText = (arm: Arm, principal: string): string => {
  const client =
    principal === arm.settings.principal
      ? arm.settings.client
      : (arm.world.directory.clientOf(principal) ?? principal);
  return `The client '${client}' with object id '${principal}'`;
};

/** Throws 403 `AuthorizationFailed` as ARM words it. */
export const authorize = (arm: Arm, principal: string, action: string, scope: string): void => {
  // Whether a condition holds is seen once it is known what is assigned.
  if (rolesOn(arm, principal, scope).some((role) => allows(role, action))) return;
  throw new ArmError(
    403,
    "AuthorizationFailed",
    `${callerText(arm, principal)} does not have authorization to perform action '${action}' over scope '${scope}' or the scope is invalid. If access was recently granted, please refresh your credentials.`,
  );
};

/**
 * Throws 403 `LinkedAuthorizationFailed`: a write names another resource that the caller may not use in it. `action`
 * on `scope` is the write, which is allowed; `needed` is what the caller lacks on what it names, `linked`.
 */
export const authorizeLinked = (
  arm: Arm,
  principal: string,
  write: { readonly action: string; readonly scope: string },
  needed: string,
  linked: string,
): void => {
  if (isAllowed(arm, principal, needed, linked)) return;
  throw new ArmError(
    403,
    "LinkedAuthorizationFailed",
    `${callerText(arm, principal)} has permission to perform action '${write.action}' on scope '${write.scope}'; however, it does not have permission to perform action(s) '${needed}' on the linked scope(s) '${linked}' (respectively) or the linked scope(s) are invalid.`,
  );
};
