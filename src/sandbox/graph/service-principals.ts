/** Service principals of applications: https://learn.microsoft.com/graph/api/resources/serviceprincipal */
import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { Call, Reply } from "../http/call.ts";
import { applicationBy, type Directory } from "./applications.ts";
import { badRequest, notFound } from "./errors.ts";
import { bodyOf, createsIfMissing, filterOf, type Key, pageReply } from "./request.ts";
import type { ServicePrincipal } from "./state.ts";

const body = z.strictObject({
  displayName: z.string().min(1).max(256).optional(),
  accountEnabled: z.boolean().optional(),
  appRoleAssignmentRequired: z.boolean().optional(),
  notes: z.string().max(1024).nullish(),
  tags: z.array(z.string().min(1).max(256)).optional(),
});

const show = ({ replicated: _, createdAt, ...principal }: ServicePrincipal, tenant: string) => ({
  ...principal,
  createdDateTime: new Date(createdAt).toISOString(),
  appOwnerOrganizationId: tenant,
  servicePrincipalNames: [principal.appId],
  servicePrincipalType: "Application",
  deletedDateTime: null,
});

const principalBy = ({ state }: Directory, { property, value }: Key): ServicePrincipal | undefined =>
  state.servicePrincipals.find((principal) => Reflect.get(principal, property) === value);

const write = (directory: Directory, tenant: string, key: Key, call: Call): Reply => {
  const given = bodyOf(call, body, "ServicePrincipal");
  const before = principalBy(directory, key);
  if (before) {
    Object.assign(
      before,
      Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
    );
    directory.changed();
    return { status: 204 };
  }
  if (key.property !== "appId" || !createsIfMissing(call)) throw notFound(key.value);
  const application = applicationBy(directory, key);
  if (!application?.replicated) {
    throw badRequest(
      `The appId '${key.value}' of the service principal does not reference a valid application object.`,
    );
  }
  const made: ServicePrincipal = {
    id: randomUUID(),
    appId: application.appId,
    displayName: given.displayName ?? application.displayName,
    accountEnabled: given.accountEnabled ?? true,
    appRoleAssignmentRequired: given.appRoleAssignmentRequired ?? false,
    notes: given.notes ?? null,
    tags: given.tags ?? [],
    createdAt: directory.now(),
    replicated: false,
  };
  directory.state.servicePrincipals.push(made);
  directory.replicate(made);
  directory.changed();
  return { status: 201, body: show(made, tenant) };
};

export const answerServicePrincipals = (
  directory: Directory,
  tenant: string,
  key: Key | undefined,
  call: Call,
): Reply | undefined => {
  const { state } = directory;
  if (key === undefined) {
    if (call.method !== "GET") return undefined;
    const seen = state.servicePrincipals.filter(({ replicated }) => replicated);
    return pageReply(
      call,
      directory.base,
      seen.filter(filterOf(call)).map((each) => show(each, tenant)),
    );
  }
  if (call.method === "PATCH") return write(directory, tenant, key, call);
  const principal = principalBy(directory, key);
  if (!principal?.replicated) throw notFound(key.value);
  switch (call.method) {
    case "GET":
      return { status: 200, body: show(principal, tenant) };
    case "DELETE":
      state.servicePrincipals = state.servicePrincipals.filter((other) => other !== principal);
      directory.changed();
      return { status: 204 };
    default:
      return undefined;
  }
};
