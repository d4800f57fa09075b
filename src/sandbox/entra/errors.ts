/** Entra's refusals, word for word as far as a client may look at them. */
import { randomUUID } from "node:crypto";
import type { Reply } from "../http/call.ts";

interface Refusal {
  readonly status: number;
  readonly error: string;
  readonly message: (detail: string) => string;
}

const checkCredential =
  "Check your federated identity credential Subject, Audience and Issuer against the presented assertion. https://learn.microsoft.com/entra/workload-id/workload-identity-federation";

const refusals = {
  50027: { status: 400, error: "invalid_request", message: () => "JWT token is invalid or malformed." },
  70003: {
    status: 400,
    error: "unsupported_grant_type",
    message: (grant) => `The app requested an unsupported grant type '${grant}'.`,
  },
  50013: {
    status: 401,
    error: "invalid_client",
    message: () =>
      "Assertion failed signature validation. [Reason - The key was not found., Please visit the Azure Portal, Graph Explorer or directly use MS Graph to see configured keys for app.]",
  },
  70011: {
    status: 400,
    error: "invalid_scope",
    message: (scope) =>
      `The provided request must include a 'scope' input parameter. The provided value for the input parameter 'scope' is not valid. The scope ${scope} is not valid.`,
  },
  70025: {
    status: 401,
    error: "invalid_client",
    message: (client) => `The client ${client} has no configured federated identity credentials.`,
  },
  90002: {
    status: 400,
    error: "invalid_request",
    message: (tenant) =>
      `Tenant '${tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud.`,
  },
  700016: {
    status: 400,
    error: "unauthorized_client",
    message: (client) =>
      `Application with identifier '${client}' was not found in the directory. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant.`,
  },
  700211: {
    status: 401,
    error: "invalid_client",
    message: (issuer) =>
      `No matching federated identity record found for presented assertion issuer '${issuer}'. ${checkCredential}`,
  },
  700212: {
    status: 401,
    error: "invalid_client",
    message: (audience) =>
      `No matching federated identity record found for presented assertion audience '${audience}'. ${checkCredential}`,
  },
  700213: {
    status: 401,
    error: "invalid_client",
    message: (subject) =>
      `No matching federated identity record found for presented assertion subject '${subject}'. ${checkCredential}`,
  },
  700024: {
    status: 401,
    error: "invalid_client",
    message: () => "Client assertion is not within its valid time range.",
  },
  7000215: {
    status: 401,
    error: "invalid_client",
    message: () =>
      "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app.",
  },
  7000216: {
    status: 401,
    error: "invalid_client",
    message: () =>
      "'client_assertion', 'client_secret' or 'request' is required for the 'client_credentials' grant type.",
  },
  7000229: {
    status: 401,
    error: "unauthorized_client",
    message: (client) =>
      `The client application ${client} is missing service principal in the tenant. See instructions here: https://go.microsoft.com/fwlink/?linkid=2225119`,
  },
  7002138: {
    status: 401,
    error: "invalid_client",
    message: (subject) =>
      `No matching federated identity record found for presented assertion subject '${subject}'. The subject matches with case-insensitive comparison, but not with case-sensitive comparison. ${checkCredential}`,
  },
  7000222: {
    status: 401,
    error: "invalid_client",
    message: () =>
      "The provided client secret keys for app are expired. Visit the Azure portal to create new keys for your app, or consider using certificate credentials for added security.",
  },
} satisfies Record<number, Refusal>;

/** A refusal by its AADSTS number. `detail` fills the message where it names something. */
export const entraError = (
  code: keyof typeof refusals,
  now: number,
  correlation: string = randomUUID(),
  detail = "",
): Reply => {
  const refusal: Refusal = refusals[code];
  const trace = randomUUID();
  const timestamp = `${new Date(now).toISOString().slice(0, 19).replace("T", " ")}Z`;
  return {
    status: refusal.status,
    body: {
      error: refusal.error,
      error_description: `AADSTS${code}: ${refusal.message(detail)} Trace ID: ${trace} Correlation ID: ${correlation} Timestamp: ${timestamp}`,
      error_codes: [code],
      timestamp,
      trace_id: trace,
      correlation_id: correlation,
      error_uri: `https://login.microsoftonline.com/error?code=${code}`,
    },
  };
};
