/** Free ports on loopback for programs that must be told one. */
import { randomInt } from "node:crypto";
import { once } from "node:events";
import { createServer, type Server } from "node:net";

/** Below those that Linux gives to connections that go out, which come and go between our look and a program's start. */
const lowest = 20_000;
const highest = 32_000;

const listening = async (): Promise<{ readonly port: number; readonly server: Server }> => {
  for (;;) {
    const port = randomInt(lowest, highest);
    const server = createServer().listen(port, "127.0.0.1");
    try {
      await once(server, "listening");
      return { port, server };
    } catch (error) {
      const taken = error instanceof Error && "code" in error && error.code === "EADDRINUSE";
      if (!taken) throw error;
    }
  }
};

/** All are held together before any is let go, so they differ; another program may still take one in between. */
export const freePorts = async (count: number): Promise<readonly number[]> => {
  const held = await Promise.all(Array.from({ length: count }, listening));
  for (const { server } of held) {
    server.close();
    await once(server, "close");
  }
  return held.map(({ port }) => port);
};
