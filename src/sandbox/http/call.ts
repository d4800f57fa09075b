/** A request and its answer as plain data, so that a service's logic is the same over the wire and in process. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Fault } from "../faults.ts";
import { faultOf } from "../faults.ts";

export interface Call {
  readonly method: string;
  /** Decoded path without query, as the client wrote it. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Text of the body, empty where there is none. */
  readonly body: string;
  /** The planned fault that this call met, where a service must take part in it. */
  readonly fault?: Fault | undefined;
}

export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON; nothing is sent where it is undefined. */
  readonly body?: unknown;
}

/** The largest body that is read, in bytes. */
const bodyLimit = 4 * 1024 * 1024;

const readBody = async (request: IncomingMessage): Promise<string | undefined> => {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
    size += bytes.length;
    if (size > bodyLimit) return undefined;
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString("utf8");
};

const decode = (path: string): string => {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
};

/** Reads a whole request. `undefined` where its body is larger than the limit. */
const readCall = async (request: IncomingMessage): Promise<Call | undefined> => {
  const body = await readBody(request);
  if (body === undefined) return undefined;
  const url = new URL(request.url ?? "/", "https://127.0.0.1");
  const headers: Record<string, string | undefined> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    headers[name] = Array.isArray(value) ? value.join(", ") : value;
  }
  return {
    method: request.method ?? "GET",
    path: decode(url.pathname),
    query: url.searchParams,
    headers,
    body,
    fault: faultOf(request),
  };
};

/** Writes an answer. HEAD and 204 have no body. */
export const sendReply = (response: ServerResponse, reply: Reply, method?: string): void => {
  const text = reply.body === undefined ? "" : JSON.stringify(reply.body);
  response.writeHead(reply.status, {
    ...(reply.body === undefined ? {} : { "content-type": "application/json; charset=utf-8" }),
    ...(reply.status === 204 ? {} : { "content-length": String(Buffer.byteLength(text)) }),
    "cache-control": "no-cache",
    ...reply.headers,
  });
  response.end(method === "HEAD" || reply.status === 204 ? undefined : text);
};

/** Makes a request handler of a function from call to reply. */
export const serve =
  (answer: (call: Call) => Reply | Promise<Reply>) =>
  async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const call = await readCall(request);
    if (!call) {
      sendReply(response, { status: 413, body: { error: { code: "RequestEntityTooLarge" } } });
      return;
    }
    sendReply(response, await answer(call), call.method);
  };

/** The bearer token of a call, or `undefined`. */
export const bearerOf = (call: Pick<Call, "headers">): string | undefined =>
  /^bearer\s+(\S+)$/i.exec(call.headers.authorization ?? "")?.[1];
