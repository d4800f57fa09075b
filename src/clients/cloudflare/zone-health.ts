/**
 * Whether a zone answers the world's questions. Cloudflare itself watches the name servers at the registrar and
 * says so in the status: `active` is delegated, `pending` not yet, `moved` no more. Pure.
 */

import type { Verdict } from "../../step/step.ts";
import type { Zone } from "./client.ts";

export const zoneHealth = (name: string, zone: Zone | undefined): Verdict => {
  if (!zone) {
    return {
      ready: false,
      reason: `there is no zone ${name} that the Cloudflare token may see`,
      worthWaiting: false,
      hint: "Add the zone at https://dash.cloudflare.com, or give the token Zone:Read on it.",
    };
  }
  const delegate = `At the registrar of ${zone.name}, set the name servers to ${zone.nameServers.join(" and ")}.`;
  switch (zone.status) {
    case "active":
      if (zone.paused) {
        return {
          ready: false,
          reason: `the zone ${zone.name} is paused`,
          worthWaiting: false,
          hint: `Enable Cloudflare on the overview page of ${zone.name}: https://dash.cloudflare.com`,
        };
      }
      return { ready: true, detail: `active, delegated to ${zone.nameServers.join(", ")}` };
    case "pending":
      return {
        ready: false,
        reason: `the zone ${zone.name} is not delegated to Cloudflare yet`,
        worthWaiting: false,
        hint: delegate,
      };
    case "moved":
      return {
        ready: false,
        reason: `the zone ${zone.name} is no longer delegated to Cloudflare`,
        worthWaiting: false,
        hint: delegate,
      };
    case "initializing":
      return {
        ready: false,
        reason: `Cloudflare is still setting up the zone ${zone.name}`,
        worthWaiting: true,
      };
  }
};
