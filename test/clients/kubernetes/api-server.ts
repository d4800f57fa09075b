/** A scripted HTTP server on loopback, with a kubeconfig that names it, for tests of the client's own requests. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { KubernetesClient } from "../../../src/clients/kubernetes/client.ts";
import { kubernetes } from "../../../src/clients/kubernetes/kubernetes.ts";
import type { Environment } from "../../../src/step/context.ts";

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: unknown;
}

export interface Reply {
  readonly status?: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface ApiServer extends AsyncDisposable {
  readonly asked: readonly Asked[];
  readonly url: string;
  /** A client of this server; `user` is the kubeconfig's. */
  client(user?: object, around?: Pick<Environment, "strange">): Promise<KubernetesClient>;
}

const core = {
  resources: [
    { name: "namespaces", kind: "Namespace", namespaced: false, verbs: ["get", "list"] },
    { name: "services", kind: "Service", namespaced: true, verbs: ["get", "list"] },
    { name: "services/status", kind: "Service", namespaced: true, verbs: ["get"] },
    { name: "bindings", kind: "Binding", namespaced: true, verbs: ["create"] },
  ],
};

/** Answers discovery of v1 by itself; everything else is `reply`'s. The server's URL has the path `/prefix`. */
export const apiServer = async (reply: (asked: Asked) => Reply | undefined): Promise<ApiServer> => {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const url = new URL(request.url ?? "/", "http://127.0.0.1");
      const text = Buffer.concat(chunks).toString();
      const one: Asked = {
        method: request.method ?? "",
        path: url.pathname.replace(/^\/prefix/, ""),
        query: url.searchParams,
        headers: request.headers,
        body: text === "" ? undefined : JSON.parse(text),
      };
      asked.push(one);
      const answer = reply(one) ?? (one.path === "/api/v1" ? { body: core } : { status: 404, body: {} });
      response.writeHead(answer.status ?? 200, { "content-type": "application/json", ...answer.headers });
      response.end(typeof answer.body === "string" ? answer.body : JSON.stringify(answer.body ?? {}));
    });
  });
  await new Promise<void>((listening) => {
    server.listen(0, "127.0.0.1", listening);
  });
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}/prefix`;
  const directory = await mkdtemp(join(tmpdir(), "kubeconfig-"));
  const environment: Environment = {
    variables: { PATH: process.env.PATH },
    credentials: {},
    azure: {},
    directory,
    sandbox: false,
    pollInterval: 0,
  };
  return {
    asked,
    url,
    client: async (user = { token: "canary-token" }, around = {}) => {
      const text = JSON.stringify({
        "current-context": "main",
        clusters: [{ name: "c", cluster: { server: url } }],
        users: [{ name: "u", user }],
        contexts: [{ name: "main", context: { cluster: "c", user: "u" } }],
      });
      await writeFile(join(directory, "config"), text);
      const key = kubernetes({
        type: "kubernetes/existing-cluster",
        version: 1,
        id: "kubeconfig:config#main",
      });
      return key.open({ ...environment, ...around }, () =>
        Promise.reject(new Error("no other client is needed")),
      );
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
      await rm(directory, { recursive: true });
    },
  };
};
