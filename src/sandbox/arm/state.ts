/** What the sandbox's ARM knows: groups, resources, running and finished operations, registrations, quotas, roles. */
import { z } from "zod";

export const document = z.record(z.string(), z.unknown());
export type Document = z.infer<typeof document>;

const group = z.strictObject({
  id: z.string(),
  name: z.string(),
  location: z.string(),
  tags: z.record(z.string(), z.string()).optional(),
  managedBy: z.string().optional(),
  state: z.string(),
  createdAt: z.number(),
});

const resource = z.strictObject({
  /** In ARM's spelling; the key in the state is its lower-case form. */
  id: z.string(),
  /** In the kind's spelling: `Microsoft.Network/publicIPAddresses`. */
  type: z.string(),
  name: z.string(),
  /** The representation without id, name, type, eTag and provisioningState. */
  body: document,
  etag: z.string(),
  /** `provisioningState`. */
  state: z.string(),
  createdAt: z.number(),
  /** False until the rest of Azure knows it (identities, role assignments). */
  replicated: z.boolean().optional(),
});

const operation = z.strictObject({
  id: z.string(),
  /** Lower-case id of the resource or group it runs on. */
  resource: z.string(),
  /** Name of that resource, for messages. */
  name: z.string(),
  action: z.enum(["create", "update", "remove"]),
  /** `Creating`, `Updating`, `Upgrading`, `Deleting`. */
  state: z.string(),
  startedAt: z.number(),
  endedAt: z.number().optional(),
  /** Milliseconds of the modelled cloud. */
  duration: z.number(),
  /** True while it goes on until somebody releases it. */
  held: z.boolean(),
  status: z.enum(["InProgress", "Succeeded", "Failed", "Canceled"]),
  /** How it ends when it does not succeed. */
  failure: z.strictObject({ code: z.string(), message: z.string() }).optional(),
});

export const armState = z.strictObject({
  groups: z.record(z.string(), group),
  resources: z.record(z.string(), resource),
  operations: z.record(z.string(), operation),
  /** Registration by provider namespace in lower case; what is not named here is registered. */
  providers: z.record(z.string(), z.enum(["Registered", "NotRegistered", "Registering"])),
  /** Limits that differ from the defaults, by `region/counter` in lower case. */
  limits: z.record(z.string(), z.number()),
  /** Public IP (lower-case id) to the load balancer frontend that uses it. */
  attached: z.record(z.string(), z.string()),
  /** Names of the built-in roles that the sandbox's login holds on the subscription. */
  loginRoles: z.array(z.string()),
  /** Single actions that it may do on the subscription besides, as by a custom role. */
  loginActions: z.array(z.string()),
  /** Whether new identities and role assignments stay unknown to the rest of Azure until this is false again. */
  replicationHeld: z.boolean(),
  /** Whether requests are counted against ARM's and AKS's buckets. */
  throttled: z.boolean(),
});

export type ArmState = z.infer<typeof armState>;
export type Group = z.infer<typeof group>;
export type StoredResource = z.infer<typeof resource>;
export type Operation = z.infer<typeof operation>;

export const initialArmState = (): ArmState => ({
  groups: {},
  resources: {},
  operations: {},
  providers: { "microsoft.cdn": "NotRegistered" },
  limits: {},
  attached: {},
  loginRoles: ["Owner"],
  loginActions: [],
  replicationHeld: false,
  throttled: false,
});
