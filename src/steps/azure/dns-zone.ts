/** A public DNS zone on Azure DNS. It is ready when its own name servers answer; the delegation is a person's to set. */
import { z } from "zod";
import { apiVersions } from "../../clients/azure/api-versions.ts";
import { azure } from "../../clients/azure/client.ts";
import { tagsSetting } from "../../families/arm/entries.ts";
import { locateInGroup, requiresInGroup } from "../../families/arm/in-group.ts";
import { tagsInput } from "../../families/arm/inputs.ts";
import { ownerOf, sameScope } from "../../families/arm/marks.ts";
import { listAt, type Model, textAt, without } from "../../families/arm/model.ts";
import { sameText } from "../../families/arm/setting.ts";
import { defineArmStep } from "../../families/arm/step.ts";
import { delegationGap } from "../../families/dns/authoritative.ts";
import type { StepContext } from "../../step/context.ts";
import { Failure } from "../../step/failure.ts";
import { azureDnsZoneHandle, resourceGroupHandle } from "../../step/handle.ts";
import type { Ref } from "../../step/ref.ts";

const type = "azure/dns-zone";
const armType = "Microsoft.Network/dnsZones";

const input = z.object({
  group: resourceGroupHandle.describe("The group to make the zone in."),
  name: z
    .string()
    .max(253)
    .regex(/^([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z0-9-]{2,63}$/)
    .describe("The zone's domain name, as in `example.com`."),
  tags: tagsInput,
});
type Input = z.output<typeof input>;

const serversOf = (model: Model): string[] =>
  listAt(model, "properties.nameServers").flatMap((server) =>
    typeof server === "string" ? [server.toLowerCase().replace(/\.$/, "")] : [],
  );

const heldSet = z.object({
  id: z.string(),
  properties: z.object({ metadata: z.record(z.string(), z.string()).nullish() }),
});

/** A zone takes its records with it, so it may hold none of anybody else's. Its own NS and SOA are the service's. */
const refuseForeignRecords = async (context: StepContext, ref: Ref): Promise<void> => {
  const client = await context.use(azure);
  const sets = await client.list(`${ref.id}/recordsets`, apiVersions.dns, heldSet, context.signal);
  const foreign = sets.filter(({ id, properties }) => {
    const owner = ownerOf(properties.metadata ?? undefined);
    return !/\/(NS|SOA)\/@$/i.test(id) && !(owner && sameScope(owner, context.owner));
  });
  if (foreign.length === 0) return;
  throw new Failure({
    kind: "conflict",
    code: "P0814",
    message: `the zone holds ${foreign.length === 1 ? "a record set" : `${foreign.length} record sets`} that this pipeline did not make`,
    hint: "Remove them, or leave the zone: `protect: true` on its step.",
    resource: ref.id,
    evidence: foreign.slice(0, 5).map(({ id }) => id),
  });
};

const zone = defineArmStep({
  type,
  summary: "A public DNS zone on Azure DNS.",
  input,
  output: azureDnsZoneHandle,
  apiVersion: apiVersions.dns,
  conditional: true,
  locate: locateInGroup(type, armType),
  predict: {
    kind: () => "azure-dns-zone" as const,
    id: (_, ref) => ref.id,
    name: ({ name }) => name,
  },
  requires: ({ group }) => [
    ...requiresInGroup(armType, { group }),
    // What is in it is looked at before it goes.
    { kind: "permission", action: `${armType}/recordsets/read`, scope: group.id, when: "removal" },
  ],
  settings: [
    { path: "location", at: "location", desired: () => "global", effect: "replace", same: sameText },
    tagsSetting<Input>(),
  ],
  prepare: (body) =>
    without(
      body,
      ["nameServers", "numberOfRecordSets", "maxNumberOfRecordSets", "maxNumberOfRecordsPerRecordSet"].map(
        (name) => `properties.${name}`,
      ),
    ),
  outputs: (model, ref) => ({
    kind: "azure-dns-zone" as const,
    id: ref.id,
    name: textAt(model, "name") ?? "",
    nameServers: serversOf(model),
  }),
  ready: (model) =>
    serversOf(model).length > 0
      ? { ready: true }
      : { ready: false, reason: "it has no name servers yet", worthWaiting: true },
  mayDestroy: refuseForeignRecords,
});

export default {
  ...zone,
  // A zone is filled before it is delegated, so a missing delegation is said here, and fails the records alone.
  verify: async (context: StepContext, ref: Ref, wanted: Input) => {
    const verdict = await zone.verify(context, ref, wanted);
    if (!verdict.ready) return verdict;
    const observed = await zone.observe(context, ref);
    const servers = observed.state === "present" ? observed.output.nameServers : [];
    const gap = await delegationGap(context, wanted.name, servers);
    return { ready: true as const, detail: gap ?? `delegated to ${servers.join(", ")}` };
  },
};
