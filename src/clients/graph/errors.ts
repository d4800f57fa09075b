/**
 * Microsoft Graph's refusals as Failures: https://learn.microsoft.com/graph/errors. The directory is eventually
 * consistent: what was made a moment ago may be missing for the next request, and is then said in several ways.
 */
import { z } from "zod";
import { Failure, type FailureKind } from "../../step/failure.ts";
import { type ErrorAnswer, retryAfterOf } from "../azure/errors.ts";

const errorBody = z.object({
  error: z.object({
    code: z.string().optional(),
    message: z.string().optional(),
    innerError: z.object({ "request-id": z.string().optional() }).nullish(),
  }),
});

interface Known {
  readonly kind: FailureKind;
  readonly hint?: string;
}

const rights: Known = {
  kind: "forbidden",
  hint: "The login may not manage applications: it needs the Entra role Application Administrator or Application Developer, or, as an application, Application.ReadWrite.OwnedBy of Microsoft Graph.",
};
const justMade: Known = {
  kind: "replicating",
  hint: "The application was made a moment ago and is not known everywhere in Entra yet.",
};
const again: Known = {
  kind: "busy",
  hint: "Another change of the same object is under way: it is waited for.",
};
const taken: Known = {
  kind: "conflict",
  hint: "Another object has this name already: choose another one, or remove it, from the deleted items too.",
};

/** Codes whose status does not say what they mean, in lower case. */
const codes: Readonly<Record<string, Known>> = {
  request_resourcenotfound: { kind: "not-found" },
  authorization_requestdenied: rights,
  authorization_identitynotfound: justMade,
  request_multipleobjectswithsamekeyvalue: taken,
  objectconflict: taken,
  directory_concurrencyviolation: again,
  concurrencyviolation: again,
  directory_quotaexceeded: {
    kind: "rejected",
    hint: "The tenant, or the login, has as many objects as it may have: remove unused ones, also from the deleted items.",
  },
  request_throttledtemporarily: { kind: "throttled" },
  invalidauthenticationtoken: {
    kind: "unauthenticated",
    hint: "The login is not valid here: `az login`, and check the tenant.",
  },
};

/** Refusals that share a code with others and are told apart by their text. */
const texts: readonly (readonly [RegExp, Known])[] = [
  [/does not reference a valid application object/i, justMade],
  [/backing application of the service principal being created must/i, justMade],
  [/same value for property uniqueName already exists/i, taken],
  [
    /combination of issuer and subject must be unique/i,
    {
      kind: "conflict",
      hint: "Another federated credential of the application trusts the same subject already: remove that one, or this step.",
    },
  ],
  [
    /maximum number of federated identity credentials|more than 20/i,
    { kind: "rejected", hint: "An application takes 20 federated credentials: use another application." },
  ],
];

/** `resource` says what was asked about: the path. */
export const failureOfGraph = (answer: ErrorAnswer, resource: string): Failure => {
  const error = errorBody.safeParse(answer.body).data?.error;
  const code = error?.code ?? `HTTP${answer.status}`;
  const message = error?.message ?? `Microsoft Graph answered with status ${answer.status}`;
  const known =
    texts.find(([text]) => text.test(message))?.[1] ??
    codes[code.toLowerCase()] ??
    (answer.status === 403 ? rights : { kind: kindOfStatus(answer.status) });
  return new Failure({
    kind: answer.status === 429 ? "throttled" : known.kind,
    code,
    message: message.trim().split(/\r?\n/, 1)[0] ?? "",
    hint: known.hint,
    resource,
    requestId: error?.innerError?.["request-id"] ?? answer.headers["request-id"],
    retryAfter: retryAfterOf(answer.headers),
  });
};

const kindOfStatus = (status: number): FailureKind => {
  switch (status) {
    case 401:
      return "unauthenticated";
    case 404:
      return "not-found";
    case 409:
      return "busy";
    case 408:
      return "transient";
    case 429:
      return "throttled";
    default:
      return status >= 500 ? "transient" : "rejected";
  }
};
