/**
 * Applications: https://learn.microsoft.com/graph/api/resources/application. A deleted one stays in the deleted items
 * for 30 days, keeps its unique name from others all that time, and comes back by `restore`.
 */
import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { Call, Reply } from "../http/call.ts";
import { badRequest, invalidValue, notFound } from "./errors.ts";
import { bodyOf, createsIfMissing, filterOf, type Key, pageReply } from "./request.ts";
import type { Application, GraphState } from "./state.ts";

/** What the collections of the directory work on. */
export interface Directory {
  readonly state: GraphState;
  changed(): void;
  /** Milliseconds since the epoch. */
  now(): number;
  /** Lets the rest of the directory know a new object after a while; at once in tests, unless it is held. */
  replicate(object: { replicated: boolean }): void;
  /** `https://…/graph/v1.0` */
  readonly base: string;
}

const body = z.strictObject({
  displayName: z.string().min(1).max(256).optional(),
  notes: z.string().max(1024).nullish(),
  signInAudience: z
    .enum([
      "AzureADMyOrg",
      "AzureADMultipleOrgs",
      "AzureADandPersonalMicrosoftAccount",
      "PersonalMicrosoftAccount",
    ])
    .optional(),
  tags: z.array(z.string().min(1).max(256)).optional(),
});

const deletedFor = 30 * 24 * 3_600_000;

const show = ({ credentials: _, replicated: __, createdAt, deletedAt, ...application }: Application) => ({
  ...application,
  createdDateTime: new Date(createdAt).toISOString(),
  deletedDateTime: deletedAt === null ? null : new Date(deletedAt).toISOString(),
  identifierUris: [],
  keyCredentials: [],
  passwordCredentials: [],
});

/** Those that are there, or those that are deleted and not yet gone for good. */
const those = ({ state, now }: Directory, deleted: boolean): readonly Application[] =>
  state.applications.filter(({ deletedAt }) =>
    deleted ? deletedAt !== null && deletedAt > now() - deletedFor : deletedAt === null,
  );

/** Whether or not every replica knows it. */
export const applicationBy = (directory: Directory, { property, value }: Key): Application | undefined =>
  those(directory, false).find((application) => Reflect.get(application, property) === value);

const write = (directory: Directory, key: Key, call: Call): Reply => {
  const given = bodyOf(call, body, "Application");
  const before = applicationBy(directory, key);
  if (before) {
    const { displayName, notes, signInAudience, tags } = given;
    Object.assign(before, {
      ...(displayName === undefined ? {} : { displayName }),
      ...(notes === undefined ? {} : { notes }),
      ...(signInAudience === undefined ? {} : { signInAudience }),
      ...(tags === undefined ? {} : { tags }),
    });
    directory.changed();
    return { status: 204 };
  }
  if (key.property !== "uniqueName" || !createsIfMissing(call)) throw notFound(key.value);
  if (given.displayName === undefined) throw invalidValue("displayName", "Application");
  if (those(directory, true).some(({ uniqueName }) => uniqueName === key.value)) {
    throw badRequest("Another object with the same value for property uniqueName already exists.");
  }
  const made: Application = {
    id: randomUUID(),
    appId: randomUUID(),
    uniqueName: key.value,
    displayName: given.displayName,
    notes: given.notes ?? null,
    signInAudience: given.signInAudience ?? "AzureADandPersonalMicrosoftAccount",
    tags: given.tags ?? [],
    credentials: [],
    createdAt: directory.now(),
    deletedAt: null,
    replicated: false,
  };
  directory.state.applications.push(made);
  directory.replicate(made);
  directory.changed();
  return { status: 201, body: show(made) };
};

/** Its service principal in this tenant goes with it. */
const remove = (directory: Directory, application: Application): Reply => {
  application.deletedAt = directory.now();
  directory.state.servicePrincipals = directory.state.servicePrincipals.filter(
    ({ appId }) => appId !== application.appId,
  );
  directory.changed();
  return { status: 204 };
};

export const answerApplications = (
  directory: Directory,
  key: Key | undefined,
  call: Call,
): Reply | undefined => {
  if (key === undefined) {
    if (call.method !== "GET") return undefined;
    const seen = those(directory, false).filter(({ replicated }) => replicated);
    return pageReply(call, directory.base, seen.filter(filterOf(call)).map(show));
  }
  if (call.method === "PATCH") return write(directory, key, call);
  const application = applicationBy(directory, key);
  if (!application?.replicated) throw notFound(key.value);
  switch (call.method) {
    case "GET":
      return { status: 200, body: show(application) };
    case "DELETE":
      return remove(directory, application);
    default:
      return undefined;
  }
};

/** `/directory/deletedItems/…`: the list of applications, restoring one, and deleting it for good. */
export const answerDeletedItems = (directory: Directory, rest: string, call: Call): Reply | undefined => {
  if (/^microsoft\.graph\.application$/i.test(rest)) {
    return call.method === "GET"
      ? pageReply(call, directory.base, those(directory, true).filter(filterOf(call)).map(show))
      : undefined;
  }
  const [id = "", action] = rest.split("/");
  const application = those(directory, true).find((deleted) => deleted.id === id);
  if (!application) throw notFound(id);
  if (call.method === "POST" && action === "restore") {
    application.deletedAt = null;
    directory.changed();
    return { status: 200, body: show(application) };
  }
  if (call.method !== "DELETE" || action !== undefined) return undefined;
  directory.state.applications = directory.state.applications.filter((other) => other !== application);
  directory.changed();
  return { status: 204 };
};
