/**
 * From a cluster handle's id to a kubeconfig. `#admin` and `#user` are credentials that AKS hands out; `#entra`
 * takes server and authority from the user's and logs in with the run's own Azure login, so that no kubelogin is
 * needed: our client by a token that it renews itself, Helm and kubectl by asking this tool for one.
 */
import { parse } from "yaml";
import { z } from "zod";
import type { Environment, Use } from "../../step/context.ts";
import { Failure } from "../../step/failure.ts";
import type { Secret } from "../../step/secret.ts";
import { kubeconfigSecret } from "../kubernetes/kubeconfig.ts";
import { type AzureClient, azure } from "./client.ts";
import { aksServerScope, execUser } from "./cluster-token.ts";

const kubeconfigClusters = z.object({
  clusters: z
    .array(
      z.object({
        name: z.string(),
        cluster: z.object({ server: z.string(), "certificate-authority-data": z.string().optional() }),
      }),
    )
    .min(1),
});

export interface ClusterAccess {
  readonly kubeconfig: Secret;
  /** The same for programs that may outlive its token: it asks this tool for one. Undefined where they are equal. */
  readonly forPrograms?: Secret | undefined;
  /** Milliseconds since the epoch after which to ask again; undefined for certificates, which live for years. */
  readonly expires?: number;
}

/**
 * Logs in to an AKS cluster.
 * @param clusterId ARM id, `#`, and `admin`, `user` or `entra`; without one `admin`.
 * @throws Failure `rejected` where local accounts are disabled, `not-found` where there is no such cluster,
 * `forbidden` where the login lacks the action.
 */
export const aksKubeconfig = async (
  environment: Environment,
  use: Use,
  clusterId: string,
): Promise<ClusterAccess> => {
  const client = await use(azure);
  const [id = "", access = "admin"] = clusterId.split("#");
  switch (access) {
    case "admin":
      return { kubeconfig: await credentialOf(client, id, "Admin") };
    case "user":
      return { kubeconfig: await credentialOf(client, id, "User") };
    case "entra":
      return entraAccess(environment, client, id);
    default:
      throw new Failure({
        kind: "rejected",
        code: "P0820",
        message: `there is no access \`${access}\` to an AKS cluster`,
        hint: "`access` is one of admin, user and entra.",
        resource: id,
      });
  }
};

const credentialOf = async (client: AzureClient, id: string, user: "Admin" | "User"): Promise<Secret> => {
  try {
    const text = await client.clusterKubeconfig(id, user, new AbortController().signal);
    return kubeconfigSecret(text, id);
  } catch (error) {
    throw explained(error, id);
  }
};

/** What the service says where local accounts are off has no code of its own. */
const explained = (error: unknown, id: string): unknown => {
  if (!(error instanceof Failure) || !/local account|static credential/i.test(error.message)) return error;
  return new Failure(
    {
      kind: "rejected",
      code: "P0821",
      message: "the cluster has local accounts disabled, so there are no admin credentials",
      hint: "Set `access: entra` on the cluster's step.",
      resource: id,
      requestId: error.requestId,
    },
    { cause: error },
  );
};

const entraAccess = async (
  environment: Environment,
  client: AzureClient,
  id: string,
): Promise<ClusterAccess> => {
  const [user, token] = await Promise.all([
    credentialOf(client, id, "User"),
    client.token(aksServerScope, new AbortController().signal),
  ]);
  const parsed = kubeconfigClusters.safeParse(parse(user.reveal()));
  const [entry] = parsed.success ? parsed.data.clusters : [];
  if (!entry) {
    throw new Failure({
      kind: "unexpected",
      code: "P0822",
      message: "AKS handed out a kubeconfig without a cluster in it",
      resource: id,
    });
  }
  const { name, cluster } = entry;
  // JSON is YAML: any reader of a kubeconfig takes it.
  const withUser = (login: object): Secret =>
    kubeconfigSecret(
      JSON.stringify({
        apiVersion: "v1",
        kind: "Config",
        clusters: [{ name, cluster }],
        users: [{ name: "entra", user: login }],
        contexts: [{ name, context: { cluster: name, user: "entra" } }],
        "current-context": name,
      }),
      id,
    );
  const program = execUser(environment);
  return {
    kubeconfig: withUser({ token: token.token }),
    forPrograms: program && withUser(program),
    expires: token.expiresOnTimestamp,
  };
};
