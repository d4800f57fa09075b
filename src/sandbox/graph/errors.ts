/** Microsoft Graph's refusals: https://learn.microsoft.com/graph/errors */
import { randomUUID } from "node:crypto";
import type { Call, Reply } from "../http/call.ts";

export class GraphError extends Error {
  override readonly name = "GraphError";
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** Headers that every answer has. */
export const requestHeaders = (call: Call): Record<string, string> => {
  const request = randomUUID();
  return { "request-id": request, "client-request-id": call.headers["client-request-id"] ?? request };
};

export const errorReply = (error: GraphError, call: Call, now: number): Reply => {
  const headers = requestHeaders(call);
  return {
    status: error.status,
    headers,
    body: {
      error: {
        code: error.code,
        message: error.message,
        innerError: { date: new Date(now).toISOString().slice(0, 19), ...headers },
      },
    },
  };
};

/** `key`: what the path named it by. */
export const notFound = (key: string): GraphError =>
  new GraphError(
    404,
    "Request_ResourceNotFound",
    `Resource '${key}' does not exist or one of its queried reference-property objects are not present.`,
  );

export const badRequest = (message: string): GraphError => new GraphError(400, "Request_BadRequest", message);

export const invalidValue = (property: string, resource: string): GraphError =>
  badRequest(`Invalid value specified for property '${property}' of resource '${resource}'.`);

export const invalidCredential = (message: string): GraphError =>
  new GraphError(400, "InvalidFederatedIdentityCredentialValue", message);
