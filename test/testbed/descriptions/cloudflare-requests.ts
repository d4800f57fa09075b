/** What the main pipeline does not ask of Cloudflare: records of every kind, edits, batches, refusals. */
import { Agent, fetch } from "undici";
import { z } from "zod";
import type { Sandbox } from "../../../src/sandbox/server.ts";
import { type Exchange, recordExchanges } from "./exchanges.ts";

const answered = z.looseObject({ result: z.unknown() });
const identified = z.looseObject({ id: z.string() });

const records = [
  { type: "A", name: "www", content: "198.51.100.4", ttl: 3600, proxied: true, comment: "ours" },
  { type: "AAAA", name: "six", content: "2001:db8::1", ttl: 1 },
  { type: "CNAME", name: "alias", content: "www.example.com", ttl: 1 },
  { type: "TXT", name: "note", content: '"heritage=external-dns"', ttl: 300 },
  { type: "MX", name: "@", content: "mail.example.com", priority: 10, ttl: 1 },
  { type: "CAA", name: "@", data: { flags: 0, tag: "issue", value: "letsencrypt.org" }, ttl: 1 },
  {
    type: "SRV",
    name: "_sip._tcp",
    data: { priority: 10, weight: 5, port: 8806, target: "example.com" },
    ttl: 1,
  },
];

export const recordCloudflare = async (sandbox: Sandbox): Promise<readonly Exchange[]> => {
  const { CLOUDFLARE_BASE_URL: base = "", CLOUDFLARE_API_TOKEN: token = "" } = sandbox.environment();
  const dispatcher = new Agent({ connect: { ca: sandbox.authority } });
  using recorded = recordExchanges(/^\/client\/v4\//);
  const ask = async (call: string, body?: unknown, bearer = token): Promise<unknown> => {
    const [method = "", path = ""] = call.split(" ");
    const reply = await fetch(`${base}${path}`, {
      method,
      dispatcher,
      headers: { authorization: `Bearer ${bearer}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return answered.parse(await reply.json()).result;
  };
  try {
    await ask("GET /user/tokens/verify");
    await ask("GET /user/tokens/verify", undefined, "another");
    await ask("GET /zones", undefined, "another");
    const [zone] = z.array(identified).parse(await ask("GET /zones?name=example.com"));
    const path = `/zones/${zone?.id}`;
    await ask(`GET ${path}`);
    await ask("GET /zones/023e105f4ecef8ad9ca31a8372d0c353");
    const ids: string[] = [];
    for (const record of records)
      ids.push(identified.parse(await ask(`POST ${path}/dns_records`, record)).id);
    const [first, second, third, fourth] = ids;
    await ask(`POST ${path}/dns_records`, records[0]);
    await ask(`POST ${path}/dns_records`, { ...records[0], content: "nowhere" });
    await ask(`GET ${path}/dns_records`);
    await ask(`GET ${path}/dns_records/${first}`);
    await ask(`PUT ${path}/dns_records/${first}`, { ...records[0], content: "198.51.100.5" });
    await ask(`PATCH ${path}/dns_records/${second}`, { ...records[1], comment: "edited" });
    await ask(`POST ${path}/dns_records/batch`, {
      deletes: [{ id: third }],
      patches: [{ ...records[3], id: fourth, comment: "in a batch" }],
      puts: [{ ...records[1], id: second }],
      posts: [{ type: "A", name: "batch", content: "198.51.100.6", ttl: 1 }],
    });
    await ask(`DELETE ${path}/dns_records/${first}`);
    await ask(`DELETE ${path}/dns_records/${first}`);
  } finally {
    await dispatcher.close();
  }
  return recorded.exchanges;
};
