/**
 * One testbed for a whole run, started by the first file that asks for it: a run of other files starts none. It is held
 * by the process that holds the run, and ends with it.
 */
import { once } from "node:events";
import { connect, createServer } from "node:net";
import { text } from "node:stream/consumers";
import { inject } from "vitest";
import type { TestProject } from "vitest/node";
import { z } from "zod";
import { startTestbed, type Testbed } from "../testbed.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Port on loopback: whoever connects is told where the shared testbed is, once it is ready. */
    readonly sharedTestbed: number;
  }
}

const logins = z.object({
  /** Path of an administrator's kubeconfig. */
  kubeconfig: z.string(),
  /** Path of kubectl. */
  kubectl: z.string(),
});

/** Vitest's global setup of the project. */
export default async (project: TestProject): Promise<() => Promise<void>> => {
  let testbed: Promise<Testbed> | undefined;
  const server = createServer((socket) => {
    testbed ??= startTestbed({ variables: process.env, nodes: 1 });
    testbed.then(
      ({ kubeconfig, kubectl }) => socket.end(JSON.stringify({ kubeconfig, kubectl })),
      (error: unknown) => socket.end(error instanceof Error ? error.message : String(error)),
    );
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  project.provide("sharedTestbed", address.port);
  return async () => {
    server.close();
    // One that did not start has told so already, to those who asked for it.
    await testbed?.then(
      (started) => started.stop(),
      () => undefined,
    );
  };
};

/** The shared testbed, as a test file gets at it. Fails with what kept it from starting. */
export const sharedTestbed = async (): Promise<z.infer<typeof logins>> => {
  const answer = await text(connect(inject("sharedTestbed"), "127.0.0.1"));
  if (!answer.startsWith("{")) throw new Error(answer);
  return logins.parse(JSON.parse(answer));
};
