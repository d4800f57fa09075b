/** The family of objects in Entra's directory: their Refs, and how those of a pipeline are found again. */
import { z } from "zod";
import { azure } from "../../clients/azure/client.ts";
import { type GraphClient, graph, quoted } from "../../clients/graph/client.ts";
import type { StepContext } from "../../step/context.ts";
import { Failure } from "../../step/failure.ts";
import type { Ref, Scope } from "../../step/ref.ts";
import type { Discovered, Family } from "../../step/step.ts";
import { ownerOfDescription, sameScope } from "../arm/marks.ts";
import { ownerOfTags, pipelineTag } from "./marks.ts";

const applications = "applications/";

/** An application's Ref is its unique name, which is known before anything is asked. */
export const applicationRef = (uniqueName: string): Ref => ({
  type: "entra/application",
  version: 1,
  id: `${applications}${uniqueName}`,
});

export const principalRef = (application: string): Ref => ({
  type: "entra/service-principal",
  version: 1,
  id: "servicePrincipal",
  within: applicationRef(application),
});

export const credentialRef = (application: string, name: string): Ref => ({
  type: "entra/federated-credential",
  version: 1,
  id: `federatedIdentityCredentials/${name}`,
  within: applicationRef(application),
});

/** The unique name in a Ref of an application, or of what lives in one. */
export const applicationNameOf = (ref: Ref): string => (ref.within ?? ref).id.slice(applications.length);

const listed = z.object({
  id: z.string(),
  appId: z.string(),
  uniqueName: z.string().nullish(),
  tags: z.array(z.string()).default([]),
});
const listedCredential = z.object({ name: z.string(), description: z.string().nullish() });

const discover = async (context: StepContext, scope: Scope): Promise<readonly Discovered[]> => {
  const client = await context.use(graph);
  const found = await ofPipeline(context, client, scope, "applications");
  const principals = await ofPipeline(context, client, scope, "servicePrincipals");
  const discovered = await Promise.all(
    found.map(async ({ id, appId, uniqueName, tags }): Promise<readonly Discovered[]> => {
      if (!uniqueName) return [];
      const own = ownerIn(tags, scope);
      const principal = principals.find((each) => each.appId === appId);
      const ofPrincipal = principal && ownerIn(principal.tags, scope);
      const path = `applications/${id}/federatedIdentityCredentials`;
      const credentials = await client.list(path, listedCredential, context.signal);
      return [
        ...(own ? [{ ref: applicationRef(uniqueName), owner: own }] : []),
        ...(ofPrincipal ? [{ ref: principalRef(uniqueName), owner: ofPrincipal }] : []),
        ...credentials.flatMap(({ name, description }) => {
          const owner = ownerOfDescription(description)?.owner;
          return owner && sameScope(owner, scope) ? [{ ref: credentialRef(uniqueName, name), owner }] : [];
        }),
      ];
    }),
  );
  return discovered.flat();
};

/** A plain filter, which the directory answers from what is written and not from its slower index. */
const ofPipeline = (
  context: StepContext,
  client: GraphClient,
  scope: Scope,
  collection: "applications" | "servicePrincipals",
) =>
  client.list(collection, listed, context.signal, {
    $filter: `tags/any(t:t eq ${quoted(pipelineTag(scope))})`,
  });

const ownerIn = (tags: readonly string[], scope: Scope) => {
  const owner = ownerOfTags(tags)?.owner;
  return owner && sameScope(owner, scope) ? owner : undefined;
};

export const entraFamily: Family = {
  name: "entra",
  discover: async (context, scope) => {
    // The login is the same: where there is none, it is not looked for a second time.
    await context.use(azure).catch((error: unknown) => {
      if (error instanceof Failure && error.kind === "unauthenticated") throw error;
    });
    try {
      return await discover(context, scope);
    } catch (error) {
      // A login that may not look at applications has made none: CI's own may not, and is not told so at every run.
      if (error instanceof Failure && (error.kind === "forbidden" || error.code === "P0830")) return [];
      throw error;
    }
  },
};
