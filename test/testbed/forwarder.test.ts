/** What stands for kube-proxy: connections to a Service's address reach the host process behind it. */
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { buffer } from "node:stream/consumers";
import { afterEach, expect, test } from "vitest";
import { type Endpoint, startForwarder } from "./forwarder.ts";

const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

const portOf = (address: AddressInfo | string | null): number => {
  if (address === null || typeof address === "string") throw new Error("it listens on TCP");
  return address.port;
};

/** A host process: does as told with each connection. */
const serving = async (onConnection: (socket: Socket) => void): Promise<Endpoint> => {
  const server = createServer({ allowHalfOpen: true }, onConnection);
  servers.push(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { address: "127.0.0.1", port: portOf(server.address()) };
};

const anyPort = { address: "127.96.0.77", port: 0 };

const dial = ({ address, port }: Endpoint): Socket => connect(port, address);

test("what is said to the Service's address is answered by the host process, large answers whole", async () => {
  const large = Buffer.alloc(3_000_000, "webhook");
  const target = await serving((socket) => {
    socket.once("data", () => socket.end(large));
  });
  await using forwarder = await startForwarder(anyPort, target);
  expect(forwarder.from.address).toBe("127.96.0.77");
  const socket = dial(forwarder.from);
  socket.write("review");
  expect((await buffer(socket)).equals(large)).toBe(true);
});

test("a request that ends its own side still gets its answer", async () => {
  const target = await serving((socket) => {
    buffer(socket).then(
      (request) => socket.end(`heard ${request}`),
      () => undefined,
    );
  });
  await using forwarder = await startForwarder(anyPort, target);
  const socket = connect({ port: forwarder.from.port, host: forwarder.from.address, allowHalfOpen: true });
  socket.end("all of it");
  expect((await buffer(socket)).toString()).toBe("heard all of it");
});

test("where the host process is gone, a connection ends at once, and the next is served when it is back", async () => {
  const target = await serving((socket) => socket.end("here"));
  await using forwarder = await startForwarder(anyPort, target);
  const [server] = servers;
  server?.close();
  const refused = dial(forwarder.from);
  refused.on("error", () => undefined);
  await once(refused, "close");
  expect(refused.bytesRead).toBe(0);

  const back = createServer((socket) => socket.end("back"));
  servers.push(back);
  back.listen(target.port, target.address);
  await once(back, "listening");
  expect((await buffer(dial(forwarder.from))).toString()).toBe("back");
});

test("stopping ends what is open and frees the address", async () => {
  const target = await serving((socket) => socket.write("hello"));
  const forwarder = await startForwarder(anyPort, target);
  const socket = dial(forwarder.from);
  socket.on("error", () => undefined);
  await once(socket, "data");
  const closed = once(socket, "close");
  await forwarder.stop();
  await closed;
  await forwarder.stop();
  await using again = await startForwarder(forwarder.from, target);
  expect(again.from).toEqual(forwarder.from);
});

test("an address that another forwards is a clear failure", async () => {
  const target = await serving((socket) => socket.end());
  await using first = await startForwarder(anyPort, target);
  await expect(startForwarder(first.from, target)).rejects.toMatchObject({
    kind: "busy",
    code: "TestbedForwarder",
    resource: `127.96.0.77:${first.from.port}`,
  });
});
