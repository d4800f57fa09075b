/** Microsoft.Authorization/roleAssignments: https://learn.microsoft.com/azure/role-based-access-control/role-assignments-rest */
import { z } from "zod";
import { type Assigned, authorizeAssignment } from "../access.ts";
import { roleById } from "../catalogue/roles.ts";
import { defineKind } from "../define-kind.ts";
import { ArmError, badRequest } from "../errors.ts";
import { keyOf, lastName } from "../id.ts";
import type { Arm, Write } from "../kind.ts";
import { managedIdentity } from "./managed-identity.ts";

const schema = z.looseObject({
  properties: z.looseObject({
    roleDefinitionId: z.string(),
    principalId: z.string(),
    principalType: z.string().optional(),
    description: z.string().nullish(),
    scope: z.string().optional(),
    condition: z.string().nullish(),
    conditionVersion: z.string().nullish(),
  }),
});

type Assignment = z.infer<typeof schema>;

const type = "Microsoft.Authorization/roleAssignments";
const guid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const scopeOf = (id: string): string => id.slice(0, id.toLowerCase().lastIndexOf("/providers/"));
const roleKey = (body: Assignment): string => roleById(body.properties.roleDefinitionId)?.id ?? "";

/** Whether Entra's directory, as ARM sees it, knows the principal already. */
const isKnown = (arm: Arm, principal: string): boolean => {
  if (principal === arm.settings.principal || arm.world.directory.clientOf(principal) !== undefined) {
    return true;
  }
  return arm.ofType(managedIdentity.type).some((identity) => {
    const properties = z.looseObject({ principalId: z.string() }).safeParse(identity.body.properties);
    return properties.data?.principalId === principal && identity.replicated !== false;
  });
};

const assignedBy = ({ properties }: Assignment): Assigned => ({
  roleDefinitionId: properties.roleDefinitionId,
  principalType: properties.principalType ?? "ServicePrincipal",
});

const checkPrincipal = ({ arm, body }: Write<Assignment>): void => {
  const { principalId, principalType } = body.properties;
  if (!guid.test(principalId)) {
    throw badRequest("InvalidPrincipalId", `A valid principal ID must be provided for role assignment.`);
  }
  if (principalType === "ServicePrincipal" || isKnown(arm, principalId)) return;
  throw badRequest(
    "PrincipalNotFound",
    `Principal ${principalId.replaceAll("-", "")} does not exist in the directory ${arm.settings.tenant}. Check that you have the correct principal ID. If you are creating this principal and then immediately assigning a role, this error might be related to a replication delay. In this case, set the role assignment principalType property to a value, such as ServicePrincipal, User, or Group.  See https://aka.ms/docs-principaltype`,
  );
};

const checkTwin = ({ arm, id, body }: Write<Assignment>): void => {
  const twin = arm.ofType(type).find((resource) => {
    const other = schema.safeParse(resource.body);
    return (
      keyOf(resource.id) !== keyOf(id) &&
      keyOf(scopeOf(resource.id)) === keyOf(scopeOf(id)) &&
      other.data?.properties.principalId === body.properties.principalId &&
      roleKey(other.data) === roleKey(body)
    );
  });
  if (!twin) return;
  throw new ArmError(
    409,
    "RoleAssignmentExists",
    `The role assignment already exists. The ID of the conflicting role assignment is ${lastName(twin.id).replaceAll("-", "")}.`,
  );
};

/** A time as role assignments show it, with seven digits of a second. */
const timeOf = (milliseconds: number): string => new Date(milliseconds).toISOString().replace("Z", "0000Z");

const complete = ({ arm, id, body, caller, before }: Write<Assignment>): Assignment => {
  // One look at the clock: what is new was made and changed at the same time.
  const now = timeOf(arm.world.pace.now());
  return {
    properties: {
      condition: null,
      conditionVersion: null,
      description: null,
      principalType: "ServicePrincipal",
      ...body.properties,
      roleDefinitionId: `/subscriptions/${arm.settings.subscription}/providers/Microsoft.Authorization/roleDefinitions/${roleKey(body)}`,
      scope: scopeOf(id),
      createdOn: before?.properties.createdOn ?? now,
      updatedOn: now,
      createdBy: caller,
      updatedBy: caller,
    },
  };
};

export const roleAssignment = defineKind<Assignment>({
  type,
  home: "any",
  located: false,
  schema,
  validate(write) {
    const { arm, id, name, body, before, caller } = write;
    if (!guid.test(name)) {
      throw badRequest(
        "InvalidRoleAssignmentId",
        `The role assignment ID '${name}' is not valid. The role assignment ID must be a GUID.`,
      );
    }
    if (!roleById(body.properties.roleDefinitionId)) {
      throw badRequest(
        "RoleDefinitionDoesNotExist",
        `The specified role definition with ID '${lastName(body.properties.roleDefinitionId)}' does not exist.`,
      );
    }
    if (body.properties.condition != null && body.properties.conditionVersion !== "2.0") {
      throw badRequest(
        "InvalidConditionVersion",
        "The condition version is invalid. The supported version is '2.0'.",
      );
    }
    authorizeAssignment(arm, caller, `${type}/write`, id, assignedBy(body));
    checkPrincipal(write);
    if (!before) return checkTwin(write);
    if (before.properties.principalId !== body.properties.principalId || roleKey(before) !== roleKey(body)) {
      throw badRequest(
        "RoleAssignmentUpdateNotPermitted",
        "Tenant ID, application ID, principal ID, and scope are not allowed to be updated.",
      );
    }
  },
  create: complete,
  update: complete,
  refuseRemoval({ arm, id, body }, caller) {
    authorizeAssignment(arm, caller, `${type}/delete`, id, assignedBy(body));
  },
  replication: 60_000,
});
