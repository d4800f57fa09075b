/**
 * The internet of the testbed: an HTTP proxy that leads a few of its names to loopback and refuses all others, so that
 * controllers keep the addresses that our steps give them. What answers has certificates of an authority of its own.
 */
import { once } from "node:events";
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { type Authority, openAuthority } from "../../../src/sandbox/authority/authority.ts";

/** Answers the requests for a name. What it throws is answered with 502. */
export type Site = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

export interface InternetOptions {
  /** For the authority's files. */
  readonly directory: string;
  /** HTTPS, by name: `api.cloudflare.com`. */
  readonly sites: ReadonlyMap<string, Site>;
  /** Plain HTTP, for every name. */
  readonly plain: Site;
}

export interface Internet {
  /** `http://127.0.0.1:PORT`, for HTTP_PROXY and HTTPS_PROXY. */
  readonly proxy: string;
  readonly port: number;
  readonly authority: Authority;
  stop(): Promise<void>;
}

const refuse = (response: ServerResponse, reason: string): void => {
  response.writeHead(502, { "content-type": "text/plain" }).end(`${reason}\n`);
};

const answer = async (
  site: Site | undefined,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> => {
  if (site === undefined) {
    refuse(response, `the testbed has no ${request.headers.host}`);
    return;
  }
  try {
    await site(request, response);
  } catch (error) {
    if (response.headersSent) response.destroy();
    else refuse(response, error instanceof Error ? error.message : String(error));
  }
};

export const startInternet = async ({ directory, sites, plain }: InternetOptions): Promise<Internet> => {
  const names = [...sites.keys()];
  const authority = await openAuthority(join(directory, "internet"), Date.now(), names);
  const { certificate: cert, key } = authority.server;
  // It listens nowhere: the proxy hands it the connections that clients open through CONNECT.
  const secure = createHttpsServer({ cert, key }, (request, response) => {
    void answer(sites.get(request.headers.host?.replace(/:443$/, "") ?? ""), request, response);
  });
  const sockets = new Set<Duplex>();
  const server = createHttpServer((request, response) => void answer(plain, request, response));
  server.on("connect", (request: IncomingMessage, socket: Duplex) => {
    sockets.add(socket);
    socket.on("error", () => socket.destroy());
    socket.once("close", () => sockets.delete(socket));
    const known = request.url?.endsWith(":443") && sites.has(request.url.slice(0, -":443".length));
    if (!known) {
      socket.end("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n");
      return;
    }
    socket.write("HTTP/1.1 200 Connection Established\r\n\r\n");
    secure.emit("connection", socket);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("a TCP server without a port");
  return {
    proxy: `http://127.0.0.1:${address.port}`,
    port: address.port,
    authority,
    stop: async () => {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
};
