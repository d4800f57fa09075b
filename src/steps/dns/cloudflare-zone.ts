/** Looks up a Cloudflare zone, and proves that it is active, delegated, and open to the run's token. */
import { z } from "zod";
import { cloudflare } from "../../clients/cloudflare/cloudflare.ts";
import { allowances, permissionName } from "../../clients/cloudflare/permissions.ts";
import { zoneHealth } from "../../clients/cloudflare/zone-health.ts";
import { dnsFamily, findZone, zoneRef } from "../../families/dns/family.ts";
import { Failure } from "../../step/failure.ts";
import { zoneHandle } from "../../step/handle.ts";
import { defineStep } from "../../step/step.ts";

export default defineStep({
  type: "dns/cloudflare-zone",
  version: 1,
  summary: "Looks up a Cloudflare zone and checks that it is active, delegated and open to the token.",
  family: dnsFamily,
  readOnly: true,
  input: z.object({
    name: z
      .string()
      .min(3)
      .max(253)
      .regex(/^[^\s/@]+\.[^\s/@]+$/)
      .describe("The zone's domain name, as in `example.com`."),
    permissions: z
      .array(z.enum(["zone:read", "dns:edit"]))
      .default(["zone:read", "dns:edit"])
      .describe("What the run's token must be allowed on the zone."),
  }),
  output: zoneHandle,

  locate: (input) => zoneRef(input.name),
  predict: { kind: () => "zone", name: (_input, ref) => ref.id },
  requires: (input) => [{ kind: "cloudflare-zone", zone: input.name, permissions: input.permissions }],

  observe: async (context, ref) => {
    const zone = await findZone(context, ref.id);
    if (!zone) return { state: "absent" };
    return {
      state: "present",
      actual: zone,
      output: { kind: "zone", id: zone.id, name: zone.name },
      owner: undefined,
    };
  },
  fields: () => [],
  apply: async (_context, ref) => {
    throw new Failure({
      kind: "unexpected",
      code: "P0472",
      message: `the zone ${ref.id} is only looked up, never written`,
    });
  },

  verify: async (context, ref, input) => {
    const zone = await findZone(context, ref.id);
    const health = zoneHealth(ref.id, zone);
    if (!health.ready || !zone) return health;
    const found = await allowances(await context.use(cloudflare), zone, input.permissions);
    const missing = input.permissions.filter((permission) => found.get(permission) === "missing");
    if (missing.length === 0) return health;
    const names = missing.map(permissionName).join(" and ");
    return {
      ready: false,
      reason: `the Cloudflare token has no ${names} on ${zone.name}`,
      worthWaiting: false,
      hint: `Add ${names} for this zone to the token: https://dash.cloudflare.com/profile/api-tokens`,
    };
  },
  destroy: async () => {},
});
