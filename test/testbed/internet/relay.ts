/** A site whose answers come from a server on loopback: the request is handed on, headers and body as they came. */

import type { IncomingMessage } from "node:http";
import { request as requestHttps } from "node:https";
import { pipeline } from "node:stream/promises";
import type { Site } from "./proxy.ts";

export interface Upstream {
  /** `https://127.0.0.1:PORT`. */
  readonly url: string;
  /** PEM of what its certificate is signed by. */
  readonly authority: string;
}

/** `path` gives the path upstream for the one that was asked; the same by default. */
export const relayTo =
  (upstream: () => Promise<Upstream>, path: (asked: string) => string = (asked) => asked): Site =>
  async (request, response) => {
    const { url, authority } = await upstream();
    const { hostname, port } = new URL(url);
    const outgoing = requestHttps({
      hostname,
      port,
      method: request.method ?? "GET",
      path: path(request.url ?? "/"),
      headers: request.headers,
      ca: authority,
      // Its certificate is for loopback, while the Host header is that of the internet's name.
      servername: "localhost",
      agent: false,
    });
    const answered = new Promise<IncomingMessage>((resolve, reject) => {
      outgoing.once("response", resolve);
      outgoing.once("error", reject);
    });
    const [answer] = await Promise.all([answered, pipeline(request, outgoing)]);
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    await pipeline(answer, response);
  };
