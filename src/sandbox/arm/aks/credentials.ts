/** The kubeconfigs that AKS hands out: with client credentials, or (with Entra) with a login plugin. */

import { parse, stringify } from "yaml";
import { z } from "zod";
import type { Call, Reply } from "../../http/call.ts";
import { ArmError, badRequest } from "../errors.ts";
import { keyOf } from "../id.ts";
import type { Stored } from "../kind.ts";
import type { Cluster } from "./schema.ts";

/** Application id of AKS's Entra server, the same in every tenant. */
const serverId = "6dae42f8-4368-4678-94ff-3960e28e3630";
const loginClient = "80faf920-1908-4b52-b5ef-a8e7bedfc67a";

const config = z.looseObject({
  users: z.array(z.looseObject({ name: z.string() })),
  contexts: z.array(z.looseObject({ name: z.string() })),
});

/** The same cluster, logged in to through Entra: `azure` is the removed auth provider, `exec` needs kubelogin. */
const withEntra = (text: string, format: "azure" | "exec", tenant: string): string => {
  const parsed = config.parse(parse(text));
  const user =
    format === "azure"
      ? {
          "auth-provider": {
            name: "azure",
            config: {
              "apiserver-id": serverId,
              "client-id": loginClient,
              "tenant-id": tenant,
              environment: "AzurePublicCloud",
            },
          },
        }
      : {
          exec: {
            apiVersion: "client.authentication.k8s.io/v1beta1",
            command: "kubelogin",
            args: [
              "get-token",
              "--environment",
              "AzurePublicCloud",
              "--server-id",
              serverId,
              "--client-id",
              loginClient,
              "--tenant-id",
              tenant,
              "--login",
              "devicecode",
            ],
            env: null,
            provideClusterInfo: false,
          },
        };
  return stringify({ ...parsed, users: parsed.users.map(({ name }) => ({ name, user })) });
};

const answer = (name: string, text: string): Reply => ({
  status: 200,
  body: { kubeconfigs: [{ name, value: Buffer.from(text).toString("base64") }] },
});

const checkRunning = ({ resource, name, group }: Stored<Cluster>): void => {
  if (resource.state !== "Creating" && resource.state !== "Deleting") return;
  throw new ArmError(
    404,
    "NotFound",
    `The managed cluster '${name}' in resource group '${group}' has no control plane (${resource.state}).`,
  );
};

export const adminCredential = (stored: Stored<Cluster>): Reply => {
  checkRunning(stored);
  const { arm, id, body } = stored;
  if (body.properties.disableLocalAccounts) {
    throw badRequest(
      "BadRequest",
      "Getting static credential is not allowed because this cluster is set to disable local accounts.",
    );
  }
  return answer("clusterAdmin", arm.world.kubernetes.kubeconfig(keyOf(id), "admin"));
};

export const userCredential = (stored: Stored<Cluster>, call: Call): Reply => {
  checkRunning(stored);
  const { arm, id, body } = stored;
  const text = arm.world.kubernetes.kubeconfig(keyOf(id), "user");
  if (!body.properties.aadProfile) return answer("clusterUser", text);
  const format = call.query.get("format") ?? "azure";
  if (format !== "azure" && format !== "exec") {
    throw badRequest(
      "InvalidParameter",
      `The value of parameter format '${format}' is invalid. Allowed values: azure, exec.`,
      "format",
    );
  }
  return answer("clusterUser", withEntra(text, format, arm.settings.tenant));
};
