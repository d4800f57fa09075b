/**
 * The part of a kubelet that `kubectl logs` asks: the API server fetches a container's log from its node. Here it is
 * that of the host process in the pod's place; a container that is only simulated has written nothing.
 */
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:https";

export interface PodLogsOptions {
  /** Of loopback; the nodes name it as their kubelet's. */
  readonly port: number;
  /** PEM files of a serving certificate; the API server does not check a kubelet's unless told to. */
  readonly certificate: string;
  readonly key: string;
  /** Since the container's last start; undefined where no process runs for it. */
  logOf(namespace: string, pod: string, container: string): Promise<string | undefined>;
}

export interface PodLogs {
  stop(): Promise<void>;
}

/** The last `count` lines of a text that ends with a line's end. Pure. */
export const lastLines = (text: string, count: number): string => {
  const lines = text.split("\n").slice(0, -1);
  return lines
    .slice(Math.max(0, lines.length - count))
    .map((line) => `${line}\n`)
    .join("");
};

export const startPodLogs = async (options: PodLogsOptions): Promise<PodLogs> => {
  const answer = async (url: URL): Promise<string | undefined> => {
    const [, question, namespace, pod, container] = url.pathname.split("/");
    if (question !== "containerLogs" || !namespace || !pod || !container) return undefined;
    const log = (await options.logOf(namespace, pod, container)) ?? "";
    const tail = url.searchParams.get("tailLines");
    return tail === null ? log : lastLines(log, Number(tail));
  };
  const [cert, key] = await Promise.all([readFile(options.certificate), readFile(options.key)]);
  const server = createServer({ cert, key }, (request, response) => {
    answer(new URL(request.url ?? "/", "https://kubelet")).then(
      (text) =>
        response.writeHead(text === undefined ? 404 : 200, { "content-type": "text/plain" }).end(text),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  }).listen(options.port, "127.0.0.1");
  await once(server, "listening");
  return {
    stop: async () => {
      server.closeAllConnections();
      if (server.listening) await new Promise((resolve) => server.close(resolve));
    },
  };
};
