/** Records the JSON bodies of every request that HTTP servers of this process answer, and of their answers. */
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { IncomingMessage, ServerResponse } from "node:http";
import { z } from "zod";

export interface Exchange {
  readonly method: string;
  /** Decoded, without query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly status: number;
  /** Undefined where there was no body, or none of JSON. */
  readonly request: unknown;
  readonly answer: unknown;
}

/** Published by Node before a server's own listener sees the request. */
const channel = "http.server.request.start";
const started = z.object({ request: z.instanceof(IncomingMessage), response: z.instanceof(ServerResponse) });

const jsonOf = (chunks: readonly Buffer[]): unknown => {
  try {
    return JSON.parse(Buffer.concat(chunks).toString("utf8"));
  } catch {
    return undefined;
  }
};

const bytesOf = (chunk: unknown): readonly Buffer[] => {
  if (typeof chunk === "string") return [Buffer.from(chunk)];
  return chunk instanceof Uint8Array ? [Buffer.from(chunk)] : [];
};

/** Gives what was exchanged below the paths that are asked for, in the order of the answers, until it is disposed. */
export const recordExchanges = (paths: RegExp): Disposable & { readonly exchanges: readonly Exchange[] } => {
  const exchanges: Exchange[] = [];
  const listen = (message: unknown): void => {
    const { request, response } = started.parse(message);
    const url = new URL(request.url ?? "/", "https://127.0.0.1");
    if (!paths.test(url.pathname)) return;
    const asked: Buffer[] = [];
    const answered: Buffer[] = [];
    const push = request.push.bind(request);
    request.push = (chunk: unknown, encoding) => {
      asked.push(...bytesOf(chunk));
      return push(chunk, encoding);
    };
    const { end } = response;
    response.end = (...given: unknown[]) => {
      answered.push(...bytesOf(given[0]));
      return Reflect.apply(end, response, given);
    };
    response.once("finish", () =>
      exchanges.push({
        method: request.method ?? "GET",
        path: decodeURIComponent(url.pathname),
        query: url.searchParams,
        status: response.statusCode,
        request: jsonOf(asked),
        answer: jsonOf(answered),
      }),
    );
  };
  subscribe(channel, listen);
  return { exchanges, [Symbol.dispose]: () => void unsubscribe(channel, listen) };
};
