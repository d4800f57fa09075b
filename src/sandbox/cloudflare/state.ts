/** What the sandbox's Cloudflare knows: zones, their records, and tokens with what they may do. */
import { z } from "zod";

export const recordState = z.strictObject({
  id: z.string(),
  /** Name of its zone. */
  zone: z.string(),
  /** Fully qualified, lower case, without a final dot. */
  name: z.string(),
  type: z.string(),
  content: z.string().optional(),
  data: z.record(z.string(), z.unknown()).optional(),
  priority: z.number().optional(),
  /** Seconds; 1 is automatic. */
  ttl: z.number(),
  proxied: z.boolean(),
  comment: z.string().nullable(),
  tags: z.array(z.string()),
  createdAt: z.number(),
  modifiedAt: z.number(),
});

const tokenState = z.strictObject({
  permissions: z.array(z.enum(["zone:read", "dns:edit"])),
  /** Names of the zones it covers; all where it is left out. */
  zones: z.array(z.string()).optional(),
  status: z.enum(["active", "disabled", "expired"]),
});

export const cloudflareState = z.strictObject({
  zones: z.array(
    z.strictObject({ name: z.string(), status: z.enum(["active", "pending"]), createdAt: z.number() }),
  ),
  records: z.array(recordState),
  tokens: z.record(z.string(), tokenState),
});

export type CloudflareState = z.infer<typeof cloudflareState>;
export type RecordState = z.infer<typeof recordState>;
export type TokenState = z.infer<typeof tokenState>;
export type ZoneState = CloudflareState["zones"][number];

export const initialCloudflareState = (token: string, now: number): CloudflareState => ({
  zones: ["example.com", "example.test"].map((name) => ({ name, status: "active", createdAt: now })),
  records: [],
  tokens: { [token]: { permissions: ["zone:read", "dns:edit"], status: "active" } },
});
