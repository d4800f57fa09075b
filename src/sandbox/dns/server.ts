/**
 * The sandbox's DNS: three name servers over UDP on loopback, of Azure DNS, of Cloudflare, and a resolver that knows
 * what is delegated to which of the two. A real resolver is their client.
 */
import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import {
  AUTHORITATIVE_ANSWER,
  decode,
  encode,
  RECURSION_AVAILABLE,
  type StringAnswer,
  type TxtAnswer,
} from "dns-packet";
import { answerQuery } from "./answer.ts";
import type { Provider, Served } from "./zones.ts";

export interface DnsServers {
  /** For `PROVISION_NAME_SERVERS`: which server stands for which, as `azure-dns.com=127.0.0.1:5301,*=127.0.0.1:5300`. */
  readonly addresses: string;
  close(): Promise<void>;
}

const codes = { NOERROR: 0, NXDOMAIN: 3, REFUSED: 5 } as const;

const wire = (
  name: string,
  type: string,
  ttl: number,
  value: string,
): StringAnswer | TxtAnswer | undefined => {
  switch (type) {
    case "A":
    case "AAAA":
    case "CNAME":
    case "NS":
      return { name, type, ttl, class: "IN", data: value };
    case "TXT":
      return { name, type, ttl, class: "IN", data: value.match(/.{1,255}/gs) ?? [""] };
    default:
      return undefined;
  }
};

/** What is not a query of one question gets no answer, as on the network. */
const reply = (message: Buffer, served: Served, provider: Provider | undefined): Buffer | undefined => {
  try {
    const query = decode(message);
    const question = query.questions?.[0];
    if (query.type !== "query" || !question) return undefined;
    const answer = answerQuery(served, question.name, question.type, provider);
    const flags =
      codes[answer.code] |
      (provider === undefined ? RECURSION_AVAILABLE : 0) |
      (answer.isAuthoritative ? AUTHORITATIVE_ANSWER : 0);
    return encode({
      type: "response",
      id: query.id ?? 0,
      flags,
      questions: [question],
      answers: answer.records.flatMap(({ name, type, ttl, value }) => wire(name, type, ttl, value) ?? []),
    });
  } catch {
    return undefined;
  }
};

const open = async (served: () => Served, provider: Provider | undefined): Promise<Socket> => {
  const socket = createSocket("udp4");
  socket.on("message", (message, from) => {
    const answered = reply(message, served(), provider);
    if (answered) socket.send(answered, from.port, from.address);
  });
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  return socket;
};

export const openDns = async (served: () => Served): Promise<DnsServers> => {
  const azure = await open(served, "azure");
  const cloudflare = await open(served, "cloudflare");
  const resolver = await open(served, undefined);
  const stands = (suffixes: readonly string[], socket: Socket): readonly string[] =>
    suffixes.map((suffix) => `${suffix}=127.0.0.1:${socket.address().port}`);
  return {
    addresses: [
      ...stands(["azure-dns.com", "azure-dns.net", "azure-dns.org", "azure-dns.info"], azure),
      ...stands(["ns.cloudflare.com"], cloudflare),
      ...stands(["*"], resolver),
    ].join(","),
    close: async () => {
      for (const socket of [azure, cloudflare, resolver]) {
        const closed = once(socket, "close");
        socket.close();
        await closed;
      }
    },
  };
};
