/**
 * A role that a managed identity or a service principal holds on a scope. Its name follows from scope, role and the identity's own ARM id, so
 * that it is known before the identity exists, and a second run writes the same assignment. An identity that was made
 * anew has another principal under the same id: Azure can't change that in place, so the plan replaces the
 * assignment. Its marks are in its description, for want of tags.
 */
import { z } from "zod";
import { apiVersions } from "../../clients/azure/api-versions.ts";
import { groupIdOf, providerId } from "../../clients/azure/id.ts";
import { descriptionMarks } from "../../families/arm/marks.ts";
import { type Model, textAt } from "../../families/arm/model.ts";
import { guidOf } from "../../families/arm/name-guid.ts";
import { sameText } from "../../families/arm/setting.ts";
import { defineArmStep } from "../../families/arm/step.ts";
import {
  clusterHandle,
  grantHandle,
  identityHandle,
  publicIpHandle,
  resourceGroupHandle,
  servicePrincipalHandle,
  subscriptionHandle,
  workspaceHandle,
} from "../../step/handle.ts";
import { builtInRoles, onlyTheseRoles, roleGuid } from "./role-definitions.ts";

const type = "azure/role-assignment";
const armType = "Microsoft.Authorization/roleAssignments";

const guid = /^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/;
const roleNames = Object.keys(builtInRoles);
const role = z.union([z.enum(roleNames), z.string().regex(guid)]);

const input = z.object({
  identity: z
    .union([identityHandle, servicePrincipalHandle])
    .describe("The managed identity or service principal that gets the role."),
  scope: z
    .union([
      resourceGroupHandle,
      subscriptionHandle,
      publicIpHandle,
      clusterHandle,
      workspaceHandle,
      z.string().regex(/^\/subscriptions\//),
    ])
    .describe(
      "What the role is held on: a group, the subscription, an address, a cluster, a workspace, or any ARM id.",
    ),
  role: role.describe("Name of a built-in role, as in `Network Contributor`, or the GUID of any role."),
  mayAssign: z
    .array(role)
    .min(1)
    .optional()
    .describe(
      "Only for a role that assigns roles: those that may be assigned with it, to identities and service principals alone. Any role to anybody by default.",
    ),
});
type Input = z.output<typeof input>;

/** A cluster's handle carries how to log in behind `#`. */
const scopeIdOf = ({ scope }: Pick<Input, "scope">): string =>
  (typeof scope === "string" ? scope : scope.id).replace(/#.*$/, "").replace(/\/$/, "");

const definitionIdOf = (input: Input): string => {
  const subscription = /^\/subscriptions\/[^/]+/i.exec(scopeIdOf(input))?.[0] ?? "";
  return providerId(subscription, "Microsoft.Authorization/roleDefinitions", roleGuid(input.role));
};

const roleNameOf = (definitionId: string): string => {
  const id = definitionId.split("/").at(-1) ?? "";
  return Object.entries(builtInRoles).find(([, value]) => value === id.toLowerCase())?.[0] ?? id;
};

const scopeOfAssignment = (model: Model, id: string): string =>
  textAt(model, "properties.scope") ?? id.slice(0, id.toLowerCase().lastIndexOf("/providers/"));

export default defineArmStep({
  type,
  summary: "A role that an identity or a service principal holds on a group or a resource.",
  input,
  output: grantHandle,
  apiVersion: apiVersions.authorization,
  marks: descriptionMarks,
  // "Tenant ID, application ID, principal ID, and scope are not allowed to be updated" (RoleAssignmentUpdateNotPermitted).
  immutable: true,
  locate: (input) => {
    const scope = scopeIdOf(input);
    const group = groupIdOf(scope);
    return {
      type,
      version: 1,
      id: providerId(scope, armType, guidOf(scope, input.identity.id, roleGuid(input.role))),
      ...(group === undefined ? {} : { within: { type: "azure/resource-group", version: 1, id: group } }),
    };
  },
  predict: {
    kind: () => "grant" as const,
    id: (_, ref) => ref.id,
    principalId: ({ identity }) => identity.principalId,
    scope: scopeIdOf,
    role: ({ role }) => roleNameOf(roleGuid(role)),
  },
  requires: (input) => {
    const scope = scopeIdOf(input);
    const roles = [roleNameOf(roleGuid(input.role))];
    return [
      { kind: "permission", action: `${armType}/write`, scope, roles },
      { kind: "permission", action: `${armType}/read`, scope, when: "reading" },
      { kind: "permission", action: `${armType}/delete`, scope, roles, when: "removal" },
    ];
  },
  settings: [
    {
      path: "principalId",
      desired: ({ identity }) => identity.principalId,
      effect: "update",
      same: sameText,
    },
    {
      path: "roleDefinitionId",
      desired: definitionIdOf,
      effect: "update",
      // The service answers with the subscription in the id, or without.
      same: (desired, actual) => sameText(lastPart(desired), lastPart(actual)),
    },
    {
      path: "condition",
      desired: ({ mayAssign }) => (mayAssign === undefined ? undefined : onlyTheseRoles(mayAssign)),
      effect: "update",
    },
    {
      path: "conditionVersion",
      desired: ({ mayAssign }) => (mayAssign === undefined ? undefined : "2.0"),
      effect: "update",
    },
    // Spares the service a look in Entra, which may not know an identity that is seconds old.
    { path: "principalType", desired: () => "ServicePrincipal", effect: "update", same: sameText },
  ],
  outputs: (model, ref) => ({
    kind: "grant" as const,
    id: ref.id,
    principalId: textAt(model, "properties.principalId") ?? "",
    scope: scopeOfAssignment(model, ref.id),
    role: roleNameOf(textAt(model, "properties.roleDefinitionId") ?? ""),
  }),
});

const lastPart = (id: unknown): string | undefined =>
  typeof id === "string" ? id.split("/").at(-1) : undefined;
