/** Finds everything in the subscription that carries a pipeline's marks: resources, groups, pools, role assignments. */
import { z } from "zod";
import { apiVersions } from "../../clients/azure/api-versions.ts";
import { type AzureClient, azure } from "../../clients/azure/client.ts";
import type { StepContext } from "../../step/context.ts";
import { Failure } from "../../step/failure.ts";
import type { Ref, Scope } from "../../step/ref.ts";
import type { Discovered, Family } from "../../step/step.ts";
import { markNames, ownerOf, ownerOfDescription, parentOf, refOf, sameScope, type Tags } from "./marks.ts";

const tags = z.record(z.string(), z.string()).nullish();
const listed = z.object({ id: z.string(), type: z.string().optional(), tags });
const tagsDocument = z.object({ properties: z.object({ tags }) });
const pool = z.object({ id: z.string(), properties: z.object({ tags }) });
/** A DNS record set has `metadata` in the place of tags. */
const recordSet = z.object({
  id: z.string(),
  properties: z.object({ metadata: z.record(z.string(), z.string()).nullish() }),
});
const assignment = z.object({
  id: z.string(),
  properties: z.object({ description: z.string().nullish() }),
});

const discover = async (
  context: StepContext,
  scope: Scope,
  clusters: readonly Ref[],
): Promise<readonly Discovered[]> => {
  const client = await context.use(azure);
  const [resources, assignments] = await Promise.all([
    taggedResources(context, client, scope),
    assignmentsOf(context, client, scope),
  ]);
  const managed = [...clusters, ...resources.map(({ ref }) => ref)]
    .map(({ id }) => id.replace(/#.*$/, ""))
    .filter((id) => /\/managedClusters\/[^/]+$/i.test(id));
  const byId = new Map(managed.map((id) => [id.toLowerCase(), id]));
  const pools = await Promise.all([...byId.values()].map((id) => poolsOf(context, client, scope, id)));
  // Records are made only in zones that the same pipeline made.
  const zones = resources.map(({ ref }) => ref.id).filter((id) => /\/dnsZones\/[^/]+$/i.test(id));
  const sets = await Promise.all(zones.map((id) => recordSetsOf(context, client, scope, id)));
  return [...resources, ...pools.flat(), ...sets.flat(), ...assignments];
};

const taggedResources = async (
  context: StepContext,
  client: AzureClient,
  scope: Scope,
): Promise<readonly Discovered[]> => {
  const filter = `tagName eq '${markNames.pipeline}' and tagValue eq '${scope.pipeline.replaceAll("'", "''")}'`;
  const root = `/subscriptions/${client.subscription}`;
  const [groups, resources] = await Promise.all(
    ["resourcegroups", "resources"].map((kind) =>
      client.list(`${root}/${kind}`, apiVersions.resources, listed, context.signal, { $filter: filter }),
    ),
  );
  const found = await Promise.all(
    [...(groups ?? []), ...(resources ?? [])].map(async ({ id, tags: shown }) =>
      discovered(shown?.[markNames.step] ? shown : await tagsOn(context, client, id), id, scope),
    ),
  );
  return found.flat();
};

/** A list that is filtered by tag leaves the tags themselves out. */
const tagsOn = async (context: StepContext, client: AzureClient, id: string): Promise<Tags> => {
  const path = `${id}/providers/Microsoft.Resources/tags/default`;
  const document = await client.get(path, apiVersions.resources, tagsDocument, context.signal);
  return document?.properties.tags ?? {};
};

const poolsOf = async (
  context: StepContext,
  client: AzureClient,
  scope: Scope,
  cluster: string,
): Promise<readonly Discovered[]> => {
  const pools = await client.list(
    `${cluster}/agentPools`,
    apiVersions.containerService,
    pool,
    context.signal,
  );
  return pools.flatMap(({ id, properties }) => discovered(properties.tags ?? {}, id, scope));
};

const recordSetsOf = async (
  context: StepContext,
  client: AzureClient,
  scope: Scope,
  zone: string,
): Promise<readonly Discovered[]> => {
  const sets = await client.list(`${zone}/recordsets`, apiVersions.dns, recordSet, context.signal);
  return sets.flatMap(({ id, properties }) => discovered(properties.metadata ?? {}, id, scope));
};

const discovered = (marks: Tags, id: string, scope: Scope): readonly Discovered[] => {
  const owner = ownerOf(marks);
  const ref = refOf(marks, id);
  return owner && ref && sameScope(owner, scope) ? [{ ref, owner }] : [];
};

/** One list holds the assignments on the subscription and on everything in it. */
const assignmentsOf = async (
  context: StepContext,
  client: AzureClient,
  scope: Scope,
): Promise<readonly Discovered[]> => {
  const path = `/subscriptions/${client.subscription}/providers/Microsoft.Authorization/roleAssignments`;
  try {
    const assignments = await client.list(path, apiVersions.authorization, assignment, context.signal);
    return assignments.flatMap(({ id, properties }) => {
      const marks = ownerOfDescription(properties.description);
      if (!marks || !sameScope(marks.owner, scope)) return [];
      return [{ ref: { type: marks.type, version: 1, id, within: parentOf(id) }, owner: marks.owner }];
    });
  } catch (error) {
    if (!(error instanceof Failure) || error.kind !== "forbidden") throw error;
    context.report({
      kind: "warning",
      code: "P0812",
      message: "role assignments can't be listed, so ones that are left over would not be found",
      hint: "The login needs Microsoft.Authorization/roleAssignments/read on the subscription.",
    });
    return [];
  }
};

export const armFamily: Family = { name: "arm", discover };
