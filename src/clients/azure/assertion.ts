/**
 * Identity tokens that a CI host hands to its jobs, with which an application in Entra logs in without a secret. An
 * assertion lives for minutes and a run for an hour, so each of these is asked anew for every token.
 */
import { z } from "zod";
import { Failure } from "../../step/failure.ts";
import { Secret } from "../../step/secret.ts";

type Variables = Readonly<Record<string, string | undefined>>;

/** @throws Failure `transient` where the host's service has a fault, `unauthenticated` where it refuses. */
export type Assertion = () => Promise<string>;

/** Of the host that this process is a job of; undefined where it is no job, or one that may ask for none. */
export const hostAssertion = (variables: Variables): Assertion | undefined =>
  githubAssertion(variables) ?? azurePipelinesAssertion(variables);

/** GitHub's own token service, open to jobs with `permissions: id-token: write`. */
const githubAssertion = (variables: Variables): Assertion | undefined => {
  const { ACTIONS_ID_TOKEN_REQUEST_URL: url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: token } = variables;
  if (!url || !token) return undefined;
  return () =>
    ask({
      url: `${url}&audience=${encodeURIComponent("api://AzureADTokenExchange")}`,
      options: { headers: { authorization: `Bearer ${token}`, accept: "application/json" } },
      answer: z.object({ value: z.string() }).transform(({ value }) => value),
      host: "GitHub",
      code: "P0803",
      hint: "The job needs `permissions: id-token: write`.",
    });
};

/**
 * Azure DevOps' token service, for the service connection of a job. Not by `AzurePipelinesCredential`, which reads the
 * address from its process' environment alone; the request is the same: sdk/identity, azurePipelinesCredential.ts.
 */
const azurePipelinesAssertion = (variables: Variables): Assertion | undefined => {
  const {
    SYSTEM_OIDCREQUESTURI: uri,
    SYSTEM_ACCESSTOKEN: token,
    AZURESUBSCRIPTION_SERVICE_CONNECTION_ID: connection,
  } = variables;
  if (!uri || !token || !connection) return undefined;
  return () =>
    ask({
      url: `${uri}?api-version=7.1&serviceConnectionId=${encodeURIComponent(connection)}`,
      options: {
        method: "POST",
        headers: {
          authorization: `Bearer ${token}`,
          "content-type": "application/json",
          // Without it, a token that has ended is answered with a page to log in.
          "x-tfs-fedauthredirect": "Suppress",
        },
      },
      answer: z.object({ oidcToken: z.string() }).transform(({ oidcToken }) => oidcToken),
      host: "Azure DevOps",
      code: "P0842",
      hint: "The service connection needs workload identity federation, and has to permit this pipeline.",
    });
};

interface Question {
  readonly url: string;
  readonly options: RequestInit;
  readonly answer: z.ZodType<string>;
  readonly host: string;
  readonly code: string;
  readonly hint: string;
}

/** Milliseconds; a host's service that says nothing is asked again, and does not hold a run for good. */
const requestTimeout = 30_000;

const ask = async ({ url, options, answer, host, code, hint }: Question): Promise<string> => {
  const refusal = (kind: "transient" | "unauthenticated", why: string, cause?: unknown) =>
    new Failure({ kind, code, message: `${host} gave no identity token (${why})`, hint }, { cause });
  let response: Response;
  try {
    response = await fetch(url, { ...options, signal: AbortSignal.timeout(requestTimeout) });
  } catch (error) {
    throw refusal("transient", "it can't be reached", error);
  }
  const parsed = response.ok ? answer.safeParse(await response.json().catch(() => undefined)) : undefined;
  if (parsed?.success) return new Secret(parsed.data, `${host}'s identity token`).reveal();
  const passing = response.status >= 500 || response.status === 429;
  throw refusal(passing ? "transient" : "unauthenticated", `status ${response.status}`);
};
