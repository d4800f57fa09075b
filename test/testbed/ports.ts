/** Free ports on loopback for programs that must be told one. */
import { once } from "node:events";
import { createServer, type Server } from "node:net";

const listening = async (): Promise<Server> => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  return server;
};

/** All are held together before any is let go, so they differ; another program may still take one in between. */
export const freePorts = async (count: number): Promise<readonly number[]> => {
  const servers = await Promise.all(Array.from({ length: count }, listening));
  const ports = servers.map((server) => {
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("a TCP server without a port");
    return address.port;
  });
  for (const server of servers) {
    server.close();
    await once(server, "close");
  }
  return ports;
};
