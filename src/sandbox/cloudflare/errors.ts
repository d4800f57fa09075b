/** Cloudflare's refusals: `{ result: null, success: false, errors: [{ code, message }], messages: [] }`. */

export class CloudflareError extends Error {
  override readonly name = "CloudflareError";
  readonly status: number;
  readonly code: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, code: number, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}

export const envelope = (result: unknown, more: Readonly<Record<string, unknown>> = {}) => ({
  result,
  success: true,
  errors: [],
  messages: [],
  ...more,
});

export const errorEnvelope = (error: CloudflareError) => ({
  result: null,
  success: false,
  errors: [{ code: error.code, message: error.message }],
  messages: [],
});

export const noRoute = (path: string): CloudflareError =>
  new CloudflareError(
    404,
    7003,
    `Could not route to /client/v4${path}, perhaps your object identifier is invalid?`,
  );
