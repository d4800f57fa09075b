/**
 * Federated credentials of an application: https://learn.microsoft.com/graph/api/resources/federatedidentitycredential
 * At most 20, names that never change, one audience, and no issuer and subject twice.
 */
import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { Call, Reply } from "../http/call.ts";
import { badRequest, invalidCredential, notFound } from "./errors.ts";
import { bodyOf, createsIfMissing, filterOf, type Key, pageReply } from "./request.ts";
import type { Application, Credential } from "./state.ts";

const most = 20;
const longest = 600;

const body = z.strictObject({
  "@odata.type": z.string().optional(),
  name: z.string().optional(),
  issuer: z.string().optional(),
  subject: z.string().optional(),
  audiences: z.array(z.string()).optional(),
  description: z.string().nullish(),
});

const found = (application: Application, key: Key): Credential | undefined =>
  application.credentials.find(
    ({ id, name }) => (key.property === "id" && id === key.value) || name === key.value,
  );

const check = (application: Application, wanted: Credential): void => {
  if (!/^[A-Za-z0-9][A-Za-z0-9_-]{2,119}$/.test(wanted.name)) {
    throw invalidCredential(
      `The name '${wanted.name}' is not valid: it must be 3 to 120 URL friendly characters.`,
    );
  }
  if (!/^https?:\/\/\S+$/.test(wanted.issuer) || wanted.issuer.length > longest) {
    throw invalidCredential("Issuer must be a valid URL of at most 600 characters.");
  }
  if (wanted.subject === "" || wanted.subject.length > longest) {
    throw invalidCredential("Subject must be of 1 to 600 characters.");
  }
  if (wanted.audiences.length !== 1 || (wanted.audiences[0] ?? "").length > longest) {
    throw invalidCredential("Audiences must hold exactly one value of at most 600 characters.");
  }
  if ((wanted.description ?? "").length > longest) {
    throw invalidCredential("Description must be of at most 600 characters.");
  }
  const twin = application.credentials.find(
    ({ id, issuer, subject }) => id !== wanted.id && issuer === wanted.issuer && subject === wanted.subject,
  );
  if (!twin) return;
  throw invalidCredential(
    `The combination of issuer and subject must be unique for the application. Issuer ${wanted.issuer} and Subject: ${wanted.subject} already exist. paramName: FederatedIdentityCredential.Subject, paramValue: ${wanted.subject}, objectType: Microsoft.Online.DirectoryServices.Application`,
  );
};

const write = (application: Application, key: Key, call: Call, changed: () => void): Reply => {
  const given = bodyOf(call, body, "FederatedIdentityCredential");
  const before = found(application, key);
  if (before) {
    if (given.name !== undefined && given.name !== before.name) {
      throw invalidCredential("The name of a federated identity credential can't be changed.");
    }
    const after: Credential = {
      ...before,
      issuer: given.issuer ?? before.issuer,
      subject: given.subject ?? before.subject,
      audiences: given.audiences ?? before.audiences,
      description: given.description === undefined ? before.description : given.description,
    };
    check(application, after);
    Object.assign(before, after);
    changed();
    return { status: 204 };
  }
  if (!createsIfMissing(call)) throw notFound(key.value);
  if (application.credentials.length >= most) {
    throw badRequest(
      `The maximum number of federated identity credentials, ${most}, has been reached for the application.`,
    );
  }
  const made: Credential = {
    id: randomUUID(),
    name: key.value,
    issuer: given.issuer ?? "",
    subject: given.subject ?? "",
    audiences: given.audiences ?? [],
    description: given.description ?? null,
  };
  check(application, made);
  application.credentials.push(made);
  changed();
  return { status: 201, body: made };
};

/** Answers below `/applications/…/federatedIdentityCredentials`; `key` undefined for the list itself. */
export const answerCredentials = (
  application: Application,
  key: Key | undefined,
  call: Call,
  base: string,
  changed: () => void,
): Reply | undefined => {
  if (key === undefined) {
    return call.method === "GET"
      ? pageReply(call, base, application.credentials.filter(filterOf(call)))
      : undefined;
  }
  const credential = found(application, key);
  switch (call.method) {
    case "GET":
      if (!credential) throw notFound(key.value);
      return { status: 200, body: credential };
    case "PATCH":
      return write(application, key, call, changed);
    case "DELETE":
      if (!credential) throw notFound(key.value);
      application.credentials = application.credentials.filter((other) => other !== credential);
      changed();
      return { status: 204 };
    default:
      return undefined;
  }
};
