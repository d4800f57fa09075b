/** One cluster that the contract suite asks: the real API server, or the sandbox's Kubernetes. */
import { readFile } from "node:fs/promises";
import { Agent, type Dispatcher } from "undici";
import { parse } from "yaml";
import { z } from "zod";

export interface Answer {
  readonly status: number;
  readonly body: unknown;
  /** `Warning` headers, where there are any. */
  readonly warnings?: string;
}

export interface Question {
  /** Sent as JSON; texts and bytes as they are. */
  readonly body?: unknown;
  /** `application/json` by default. */
  readonly type?: string;
  readonly accept?: string;
}

export interface Target extends AsyncDisposable {
  /** Path of its administrator's login. */
  readonly kubeconfig: string;
  /** The same cluster, asked with another token. */
  as(token: string): Target;
  request(
    method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE",
    path: string,
    question?: Question,
  ): Promise<Answer>;
  /** Server-side apply; `path` may end with a query. */
  apply(path: string, manager: string, body: unknown, query?: string): Promise<Answer>;
  /** Asks until the answer has that status, which controllers bring about. */
  until(path: string, status: number): Promise<Answer>;
  /** The first events of a watch, as many as are asked for, and then leaves; without a number, those of a second. */
  watch(path: string, count?: number): Promise<readonly unknown[]>;
}

const file = z.object({
  clusters: z.tuple([
    z.object({ cluster: z.object({ server: z.string(), "certificate-authority-data": z.string() }) }),
  ]),
  users: z.tuple([z.object({ user: z.object({ token: z.string() }) })]),
});

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};

const encoded = (body: unknown): string | Buffer =>
  typeof body === "string" || Buffer.isBuffer(body) ? body : JSON.stringify(body);

interface Login {
  readonly origin: string;
  /** Below which the cluster's paths are. */
  readonly base: string;
  readonly token: string;
}

/** By a kubeconfig with one cluster and one token. */
export const openTarget = async (kubeconfig: string): Promise<Target> => {
  const { clusters, users } = file.parse(parse(await readFile(kubeconfig, "utf8")));
  const { server, "certificate-authority-data": authority } = clusters[0].cluster;
  const dispatcher = new Agent({ connect: { ca: Buffer.from(authority, "base64").toString() } });
  const { origin, pathname } = new URL(server);
  const base = pathname === "/" ? "" : pathname;
  return targetOf(kubeconfig, { origin, base, token: users[0].user.token }, dispatcher);
};

const targetOf = (kubeconfig: string, login: Login, dispatcher: Agent): Target => {
  const { origin, base, token } = login;
  const ask = (
    method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE",
    path: string,
    { body, type = "application/json", accept = "application/json" }: Question = {},
  ): Promise<Dispatcher.ResponseData> =>
    dispatcher.request({
      origin,
      path: `${base}${path}`,
      method,
      headers: {
        authorization: `Bearer ${token}`,
        accept,
        "user-agent": "contract",
        ...(body === undefined ? {} : { "content-type": type }),
      },
      ...(body === undefined ? {} : { body: encoded(body) }),
    });
  const request: Target["request"] = async (method, path, question) => {
    const response = await ask(method, path, question);
    const { warning } = response.headers;
    const body = parsed(await response.body.text());
    return {
      status: response.statusCode,
      body,
      ...(warning === undefined ? {} : { warnings: [warning].flat().join(", ") }),
    };
  };
  return {
    kubeconfig,
    request,
    apply: (path, manager, body, query = "") =>
      request("PATCH", `${path}?fieldManager=${manager}${query}`, {
        body,
        type: "application/apply-patch+yaml",
      }),
    until: async (path, status) => {
      for (;;) {
        const answer = await request("GET", path);
        if (answer.status === status) return answer;
      }
    },
    watch: async (path, count = Number.POSITIVE_INFINITY) => {
      const seconds = Number.isFinite(count) ? 30 : 1;
      const query = `${path.includes("?") ? "&" : "?"}watch=1&timeoutSeconds=${seconds}`;
      const response = await ask("GET", `${path}${query}`);
      const events: unknown[] = [];
      let rest = "";
      for await (const chunk of response.body) {
        const lines = `${rest}${chunk}`.split("\n");
        rest = lines.pop() ?? "";
        events.push(...lines.map(parsed));
        // Leaving the loop ends the watch.
        if (events.length >= count) break;
      }
      return events;
    },
    as: (other) => targetOf(kubeconfig, { ...login, token: other }, dispatcher),
    [Symbol.asyncDispose]: () => dispatcher.destroy(),
  };
};
