/**
 * Requests to a Kubernetes API with the login of a kubeconfig, renewed when it ends or is refused. Made with
 * `node:https`, which takes a private authority, client certificates and a proxy and costs nothing to load; `undici`,
 * whose Agent is needed for the same with `fetch`, adds 730 KB and 60 ms to every command that opens a cluster.
 */
import { request as httpRequest } from "node:http";
import { type Agent, request as httpsRequest, Agent as SecureAgent } from "node:https";
import packageJson from "../../../package.json" with { type: "json" };
import { connectionFailure, failureOf } from "./failures.ts";
import type { Login } from "./login.ts";

const userAgent = `provision/${packageJson.version}`;

/** Silence for this long ends a request, in milliseconds: longer than the API server's own 60 s. */
const silence = 90_000;

/** A login is renewed this long before it ends, in milliseconds. */
const margin = 60_000;

export interface Call {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Below the server's URL, as in `/apis/apps/v1/deployments`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | undefined>> | undefined;
  readonly body?: unknown;
  readonly contentType?: string | undefined;
  /** What it is about, for messages: `Service web/nginx`. */
  readonly resource: string;
}

export interface Transport {
  /** The answer's text. Every other status than 2xx is a Failure. */
  send(call: Call): Promise<string>;
  login(): Promise<Login>;
}

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly retryAfter: string | undefined;
  readonly requestId: string | undefined;
}

interface Connection {
  readonly login: Login;
  readonly agent: Agent;
}

const single = (header: string | string[] | undefined): string | undefined =>
  Array.isArray(header) ? header[0] : header;

const urlOf = (server: string, call: Call): URL => {
  const url = new URL(`${server.replace(/\/+$/, "")}${call.path}`);
  for (const [name, value] of Object.entries(call.query ?? {})) {
    if (value !== undefined) url.searchParams.set(name, value);
  }
  return url;
};

const exchange = ({ login, agent }: Connection, call: Call): Promise<Answer> => {
  const url = urlOf(login.server, call);
  const body = call.body === undefined ? undefined : JSON.stringify(call.body);
  const options = {
    method: call.method,
    headers: {
      "user-agent": userAgent,
      accept: "application/json",
      ...(login.authorization !== undefined && { authorization: login.authorization }),
      ...(body !== undefined && {
        "content-type": call.contentType ?? "application/json",
        "content-length": String(Buffer.byteLength(body)),
      }),
    },
    timeout: silence,
  };
  return new Promise((resolve, reject) => {
    let retried = false;
    const attempt = (): void => {
      const request =
        url.protocol === "http:" ? httpRequest(url, options) : httpsRequest(url, { ...options, agent });
      request.on("response", (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () => {
          resolve({
            status: response.statusCode ?? 0,
            text: Buffer.concat(chunks).toString("utf8"),
            retryAfter: single(response.headers["retry-after"]),
            requestId: single(response.headers["audit-id"]),
          });
        });
      });
      request.on("timeout", () => request.destroy(new Error(`silent for ${silence / 1000} s`)));
      request.on("error", (error) => {
        // The server may close a kept connection just as it is used again: nothing has been read of the request.
        if (request.reusedSocket && !retried && call.method !== "POST") {
          retried = true;
          attempt();
        } else reject(error);
      });
      request.end(body);
    };
    attempt();
  });
};

export interface TransportOptions {
  /** Logs in; called again when the login has ended or is refused. */
  readonly open: () => Promise<Login>;
  /** For HTTPS_PROXY and NO_PROXY. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

const proxyOf = (
  login: Login,
  variables: Readonly<Record<string, string | undefined>>,
): Record<string, string | undefined> =>
  login.proxy === undefined
    ? {
        HTTPS_PROXY: variables.HTTPS_PROXY ?? variables.https_proxy,
        NO_PROXY: variables.NO_PROXY ?? variables.no_proxy,
      }
    : { HTTPS_PROXY: login.proxy };

export const transport = ({ open, variables, now }: TransportOptions): Transport => {
  let current: Promise<Connection> | undefined;

  const connect = async (): Promise<Connection> => {
    const login = await open();
    const { ca, cert, key, servername, rejectUnauthorized } = login.tls;
    const agent = new SecureAgent({
      keepAlive: true,
      maxSockets: 16,
      rejectUnauthorized,
      proxyEnv: proxyOf(login, variables),
      ...(ca !== undefined && { ca }),
      ...(cert !== undefined && { cert }),
      ...(key !== undefined && { key }),
      ...(servername !== undefined && { servername }),
    });
    return { login, agent };
  };

  /** One login at a time; a failed one is not kept. */
  const renew = (): Promise<Connection> => {
    const pending = connect();
    current = pending;
    pending.catch(() => {
      if (current === pending) current = undefined;
    });
    return pending;
  };

  const connection = async (): Promise<Connection> => {
    const pending = current ?? renew();
    const held = await pending;
    const ends = held.login.expires;
    if (ends === undefined || !held.login.renewable || now() < ends - margin) return held;
    return current === pending || current === undefined ? renew() : current;
  };

  const answerOf = async (held: Connection, call: Call): Promise<Answer> => {
    try {
      return await exchange(held, call);
    } catch (error) {
      throw connectionFailure(error, held.login.server, call.resource);
    }
  };

  const send = async (call: Call): Promise<string> => {
    const held = await connection();
    let answer = await answerOf(held, call);
    if (answer.status === 401 && held.login.renewable) {
      const latest = await connection();
      answer = await answerOf(latest === held ? await renew() : latest, call);
    }
    if (answer.status >= 200 && answer.status < 300) return answer.text;
    throw failureOf(answer, call.resource, now());
  };

  return { send, login: async () => (await connection()).login };
};
