/** ARM's refusals: `{ error: { code, message, target, details } }` with the status and headers that go with them. */
import type { Reply } from "../http/call.ts";

export interface ErrorDetail {
  readonly code: string;
  readonly message: string;
  readonly target?: string;
}

/** Thrown by whatever looks at a request; the service makes the answer of it. */
export class ArmError extends Error {
  override readonly name = "ArmError";
  readonly status: number;
  readonly code: string;
  readonly target: string | undefined;
  readonly details: readonly ErrorDetail[] | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    code: string,
    message: string,
    more: {
      readonly target?: string;
      readonly details?: readonly ErrorDetail[];
      readonly headers?: Readonly<Record<string, string>>;
    } = {},
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.target = more.target;
    this.details = more.details;
    this.headers = more.headers ?? {};
  }
}

export const errorBody = (error: ArmError): Record<string, unknown> => ({
  error: {
    code: error.code,
    message: error.message,
    ...(error.target === undefined ? {} : { target: error.target }),
    ...(error.details === undefined ? {} : { details: error.details }),
  },
});

export const errorReply = (error: ArmError): Reply => ({
  status: error.status,
  headers: { "x-ms-failure-cause": "gateway", ...error.headers },
  body: errorBody(error),
});

/** 400 with the code and target that the resource provider names. */
export const badRequest = (code: string, message: string, target?: string): ArmError =>
  new ArmError(400, code, message, target === undefined ? {} : { target });

export const groupNotFound = (group: string): ArmError =>
  new ArmError(404, "ResourceGroupNotFound", `Resource group '${group}' could not be found.`);

export const resourceNotFound = (type: string, name: string, group: string): ArmError =>
  new ArmError(
    404,
    "ResourceNotFound",
    `The Resource '${type}/${name}' under resource group '${group}' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix`,
  );

export const propertyChangeNotAllowed = (property: string): ArmError =>
  badRequest("PropertyChangeNotAllowed", `Changing property '${property}' is not allowed.`, property);
