/** Who gets into a cluster besides its own tokens: logins of Entra; and, without local accounts, nobody else. */
import type { IncomingMessage } from "node:http";
import { z } from "zod";
import type { StoredResource } from "./arm/state.ts";
import type { Entra } from "./entra/service.ts";

/** Application id of AKS's Entra server, the same in every tenant: the audience of tokens for a cluster. */
const aksServer = "6dae42f8-4368-4678-94ff-3960e28e3630";

const profile = z.looseObject({
  properties: z.looseObject({
    disableLocalAccounts: z.boolean().nullish(),
    aadProfile: z.looseObject({}).nullish(),
  }),
});

const bearer = /^Bearer\s+(.+)$/i;

/**
 * Puts the cluster's own token in the place of an Entra token that the cluster takes, and takes away a local one
 * where local accounts are disabled. `tokens`: the cluster's, and whom they speak for.
 */
export const admit = (
  request: IncomingMessage,
  cluster: StoredResource | undefined,
  tokens: Readonly<Record<string, string>>,
  entra: Pick<Entra, "check">,
): void => {
  const token = bearer.exec(request.headers.authorization ?? "")?.[1];
  const settings = profile.safeParse(cluster?.body).data?.properties;
  if (token === undefined || !settings?.aadProfile) return;
  const verdict = entra.check(token);
  if (verdict.valid && verdict.claims.aud === aksServer) {
    const [admin] = Object.entries(tokens).find(([, name]) => name === "clusterAdmin") ?? [];
    if (admin !== undefined) request.headers.authorization = `Bearer ${admin}`;
    return;
  }
  const account = tokens[token];
  const isLocal = account === "clusterAdmin" || account === "clusterUser";
  if (settings.disableLocalAccounts && isLocal) delete request.headers.authorization;
};
