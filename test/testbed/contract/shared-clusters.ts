/**
 * One testbed and one sandbox for a whole run, started by the first file that asks for them: a run of other files starts
 * none. Both are held by the process that holds the run, and end with it.
 */
import { once } from "node:events";
import { connect, createServer } from "node:net";
import { text } from "node:stream/consumers";
import { inject } from "vitest";
import type { TestProject } from "vitest/node";
import { z } from "zod";

declare module "vitest" {
  interface ProvidedContext {
    /** Port on loopback: whoever connects is told where both clusters are, once they are ready. */
    readonly sharedClusters: number;
  }
}

const clusters = z.object({
  /** Path of an administrator's kubeconfig for the real API server. */
  real: z.string(),
  /** The same for the sandbox's Kubernetes. */
  sandbox: z.string(),
  /** Path of kubectl. */
  kubectl: z.string(),
});

type Clusters = z.infer<typeof clusters>;

/** What a run has started; ended in the opposite order. */
const start = async (open: AsyncDisposableStack): Promise<Clusters> => {
  const { startTestbed } = await import("../testbed.ts");
  const testbed = open.use(await startTestbed({ variables: process.env, nodes: 1 }));
  const { startCluster } = await import("../../e2e/kubernetes-api.ts");
  const sandbox = open.use(await startCluster());
  return { real: testbed.kubeconfig, sandbox: sandbox.kubeconfig, kubectl: testbed.kubectl };
};

/** Vitest's global setup of the project. */
export default async (project: TestProject): Promise<() => Promise<void>> => {
  const open = new AsyncDisposableStack();
  let started: Promise<Clusters> | undefined;
  const server = createServer((socket) => {
    started ??= start(open);
    started.then(
      (found) => socket.end(JSON.stringify(found)),
      (error: unknown) => socket.end(error instanceof Error ? error.message : String(error)),
    );
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  project.provide("sharedClusters", address.port);
  return async () => {
    server.close();
    // A start that failed has told so already, to those who asked.
    await started?.catch(() => undefined);
    await open.disposeAsync();
  };
};

/** Both clusters, as a test file gets at them. Fails with what kept them from starting. */
export const sharedClusters = async (): Promise<Clusters> => {
  const answer = await text(connect(inject("sharedClusters"), "127.0.0.1"));
  if (!answer.startsWith("{")) throw new Error(answer);
  return clusters.parse(JSON.parse(answer));
};
