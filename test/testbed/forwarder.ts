/**
 * Hands connections from a Service's address to a host process, in the place of kube-proxy: the API server calls a
 * webhook by its Service at ClusterIP:443, and all of 127/8, where the testbed's Services are, is this machine.
 */
import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { Failure } from "../../src/step/failure.ts";

export interface Endpoint {
  /** A loopback address, such as 127.96.12.7. */
  readonly address: string;
  /** 0 for any free one, where it is listened on. */
  readonly port: number;
}

export interface Forwarder extends AsyncDisposable {
  /** Where it listens. */
  readonly from: Endpoint;
  /** Ends it and what goes through it. Again, nothing. */
  stop(): Promise<void>;
}

const refused = ({ address, port }: Endpoint, cause: unknown): Failure => {
  const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
  return new Failure(
    {
      kind: code === "EADDRINUSE" ? "busy" : "rejected",
      code: "TestbedForwarder",
      message: `can't listen on ${address}:${port}: ${cause instanceof Error ? cause.message : String(cause)}`,
      hint:
        code === "EACCES"
          ? "ports below 1024 need root, or `sudo sysctl net.ipv4.ip_unprivileged_port_start=443`"
          : "another testbed may forward the same address: end it, or give one of them another service range",
      resource: `${address}:${port}`,
    },
    { cause },
  );
};

/**
 * Forwards TCP until it is stopped. Where nothing listens at `to`, a connection ends at once, as it would at a Service
 * whose Pod is gone. Throws `busy` where the address is taken, and `rejected` where this user may not listen there.
 */
export const startForwarder = async (from: Endpoint, to: Endpoint): Promise<Forwarder> => {
  const open = new Set<Socket>();
  const track = (socket: Socket): void => {
    open.add(socket);
    socket.once("close", () => open.delete(socket));
  };
  const server = createServer({ allowHalfOpen: true }, (incoming) => {
    const outgoing = connect({ port: to.port, host: to.address, allowHalfOpen: true });
    for (const [one, other] of [
      [incoming, outgoing],
      [outgoing, incoming],
    ] as const) {
      track(one);
      // The other side gets what was said before the end; after a reset there is nothing more to say.
      one.on("error", () => other.destroy());
      one.once("close", () => other.destroySoon());
      one.pipe(other);
    }
  });
  server.listen(from.port, from.address);
  try {
    await once(server, "listening");
  } catch (error) {
    throw refused(from, error);
  }
  const bound = server.address();
  const port = bound === null || typeof bound === "string" ? from.port : bound.port;
  const stop = async (): Promise<void> => {
    if (!server.listening) return;
    const closed = once(server, "close");
    server.close();
    for (const socket of open) socket.destroy();
    await closed;
  };
  return { from: { address: from.address, port }, stop, [Symbol.asyncDispose]: stop };
};
