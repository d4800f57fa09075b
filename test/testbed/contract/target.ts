/** One cluster that the contract suite asks: the real API server, or the sandbox's Kubernetes. */
import { readFile } from "node:fs/promises";
import { Agent } from "undici";
import { parse } from "yaml";
import { z } from "zod";

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

export interface Question {
  readonly body?: unknown;
  /** `application/json` by default. */
  readonly type?: string;
  readonly accept?: string;
}

export interface Target extends AsyncDisposable {
  request(
    method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE",
    path: string,
    question?: Question,
  ): Promise<Answer>;
  /** Server-side apply; `path` may end with a query. */
  apply(path: string, manager: string, body: unknown, query?: string): Promise<Answer>;
  /** The events of a watch, which the server ends after a second. */
  watch(path: string): Promise<readonly unknown[]>;
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

/** By a kubeconfig with one cluster and one token. */
export const openTarget = async (kubeconfig: string): Promise<Target> => {
  const { clusters, users } = file.parse(parse(await readFile(kubeconfig, "utf8")));
  const { server, "certificate-authority-data": authority } = clusters[0].cluster;
  const dispatcher = new Agent({ connect: { ca: Buffer.from(authority, "base64").toString() } });
  const { origin, pathname } = new URL(server);
  const base = pathname === "/" ? "" : pathname;
  const send = async (
    method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE",
    path: string,
    { body, type = "application/json", accept = "application/json" }: Question = {},
  ): Promise<{ readonly status: number; readonly text: string }> => {
    const response = await dispatcher.request({
      origin,
      path: `${base}${path}`,
      method,
      headers: {
        authorization: `Bearer ${users[0].user.token}`,
        accept,
        "user-agent": "contract",
        ...(body === undefined ? {} : { "content-type": type }),
      },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    return { status: response.statusCode, text: await response.body.text() };
  };
  const request: Target["request"] = async (method, path, question) => {
    const { status, text } = await send(method, path, question);
    return { status, body: parsed(text) };
  };
  return {
    request,
    apply: (path, manager, body, query = "") =>
      request("PATCH", `${path}?fieldManager=${manager}${query}`, {
        body,
        type: "application/apply-patch+yaml",
      }),
    watch: async (path) => {
      const { text } = await send("GET", `${path}${path.includes("?") ? "&" : "?"}watch=1&timeoutSeconds=1`);
      return text.split("\n").filter(Boolean).map(parsed);
    },
    [Symbol.asyncDispose]: () => dispatcher.close(),
  };
};
