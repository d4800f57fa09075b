/** Role definitions, and the actions that the caller may do on a scope. */
import type { Reply } from "../../http/call.ts";
import { rolesOn } from "../access.ts";
import { allRoles, type Role, roleById } from "../catalogue/roles.ts";
import type { Core } from "../core.ts";
import { ArmError } from "../errors.ts";
import { isWithin, parseTarget, placeOf, typeOf } from "../id.ts";
import { groupNamed } from "./groups.ts";
import { showResource } from "./resource-parts.ts";
import { missing } from "./resource-views.ts";
import { filterOf, page, type Request, type Route, requireAction } from "./route.ts";

const showRole = (role: Role): Record<string, unknown> => ({
  id: `/providers/Microsoft.Authorization/roleDefinitions/${role.id}`,
  name: role.id,
  type: "Microsoft.Authorization/roleDefinitions",
  properties: {
    roleName: role.name,
    type: "BuiltInRole",
    description: role.name,
    assignableScopes: ["/"],
    permissions: [
      {
        actions: role.actions,
        notActions: role.notActions,
        dataActions: role.dataActions,
        notDataActions: [],
      },
    ],
  },
});

const scopeBefore = (path: string): string => path.slice(0, path.toLowerCase().lastIndexOf("/providers/"));

/** Assignments that hold on a scope: with `atScope()` there and above, without it also below. */
const assignments = (request: Request): Reply => {
  const { core, call } = request;
  const scope = scopeBefore(call.path);
  requireAction(request, "Microsoft.Authorization/roleAssignments/read", scope);
  const kind = core.kindOf("Microsoft.Authorization/roleAssignments");
  if (!kind) return { status: 200, body: { value: [] } };
  const filter = filterOf(call);
  const principal = filter.get("principalid") ?? filter.get("assignedto");
  const atScope = /atScope\(\)/i.test(call.query.get("$filter") ?? "");
  const found = core.list(kind, "").filter((resource) => {
    const assigned = scopeBefore(resource.id);
    return isWithin(scope, assigned) || (!atScope && isWithin(assigned, scope));
  });
  const shown = found
    .map((resource) => showResource(core, kind, resource))
    .filter(
      (value) =>
        principal === undefined ||
        JSON.stringify(value.properties).toLowerCase().includes(`"principalid":"${principal.toLowerCase()}"`),
    );
  return page(core, call, shown);
};

/** 404 where the scope is a group or a resource that is not there. */
const checkExists = (core: Core, scope: string): void => {
  const { group } = placeOf(scope);
  if (group !== undefined) groupNamed(core, group);
  const target = parseTarget(scope);
  const kind = target && core.kindOf(typeOf(target));
  if (kind && !core.arm.find(scope)) throw missing(core, kind, scope);
};

export const authorizationRoutes: readonly Route[] = [
  {
    method: "GET",
    pattern: /^(.*)\/providers\/microsoft\.authorization\/permissions\/?$/i,
    answer: ({ core, caller, parts, call }) => {
      const [scope = ""] = parts;
      checkExists(core, scope);
      const permissions = rolesOn(core.arm, caller, scope).map((role) => ({
        actions: role.actions,
        notActions: role.notActions,
        dataActions: role.dataActions,
        notDataActions: [],
      }));
      return page(core, call, permissions);
    },
  },
  {
    method: "GET",
    pattern: /^(.*)\/providers\/microsoft\.authorization\/roledefinitions\/?$/i,
    answer: ({ core, call }) => {
      const name = filterOf(call).get("rolename");
      const roles = allRoles().filter(
        (role) => name === undefined || role.name.toLowerCase() === name.toLowerCase(),
      );
      return page(core, call, roles.map(showRole));
    },
  },
  {
    method: "GET",
    pattern: /^(.*)\/providers\/microsoft\.authorization\/roledefinitions\/([^/]+)\/?$/i,
    answer: ({ parts }) => {
      const role = roleById(parts[1] ?? "");
      if (!role) {
        throw new ArmError(
          404,
          "RoleDefinitionDoesNotExist",
          `The specified role definition with ID '${parts[1]}' does not exist.`,
        );
      }
      return { status: 200, body: showRole(role) };
    },
  },
  {
    method: "GET",
    pattern: /^(.*)\/providers\/microsoft\.authorization\/roleassignments\/?$/i,
    answer: assignments,
  },
];
