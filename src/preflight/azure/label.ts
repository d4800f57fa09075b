/** Whether the DNS labels of addresses are free: a label is unique in its region, among all of Azure's customers. */
import { z } from "zod";
import { apiVersions } from "../../clients/azure/api-versions.ts";
import type { AzureClient } from "../../clients/azure/client.ts";
import type { Finding } from "../../step/finding.ts";
import type { OfKind } from "../check.ts";

const address = z.object({
  properties: z.object({ dnsSettings: z.object({ domainNameLabel: z.string().nullish() }).nullish() }),
});

export const checkLabels = (
  client: AzureClient,
  signal: AbortSignal,
  asked: readonly OfKind<"dns-label">[],
): Promise<readonly Finding[]> =>
  Promise.all(
    asked.map(async ({ location, label, address: id, step }): Promise<Finding> => {
      const steps = [step];
      const name = `${label}.${location}.cloudapp.azure.com`;
      // The service counts a label as taken that the address itself has already.
      const found = await client.get(id, apiVersions.network, address, signal);
      const ours = found?.properties.dnsSettings?.domainNameLabel?.toLowerCase() === label.toLowerCase();
      if (ours || (await client.dnsLabelFree(location, label, signal))) {
        return {
          code: "P0632",
          severity: "ok",
          steps,
          message: `${name} is free, or this address's already`,
        };
      }
      return {
        code: "P0633",
        severity: "blocker",
        steps,
        message: `${name} is taken by another address`,
        hint: "Choose another `dnsLabel`: it must be unique in its region among all of Azure's customers.",
      };
    }),
  );
