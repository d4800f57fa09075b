/** A Helm release in the states in which a killed Helm leaves it, made by its Secret alone. */
import { gunzipSync, gzipSync } from "node:zlib";
import { z } from "zod";

/** `kubectl WORDS` on the cluster; gives what it prints. */
export type Kubectl = (words: readonly string[], input?: string) => Promise<string>;

export type PendingStatus = "pending-install" | "pending-upgrade" | "pending-rollback";

const secretSchema = z.looseObject({
  metadata: z.object({ name: z.string(), namespace: z.string(), labels: z.record(z.string(), z.string()) }),
  data: z.object({ release: z.string() }),
});
const storedSchema = z.looseObject({
  version: z.number(),
  info: z.looseObject({ status: z.string() }),
});

/** Names of the Secrets of the namespace's only release, the newest last. */
export const revisionsIn = async (kubectl: Kubectl, namespace: string): Promise<readonly string[]> =>
  (await kubectl(["get", "secrets", "-n", namespace, "-l", "owner=helm", "-o", "name"]))
    .split("\n")
    .filter(Boolean)
    .toSorted((a, b) => a.localeCompare(b, "en", { numeric: true }));

/** Its status by label, the newest last. */
export const statusesIn = async (kubectl: Kubectl, namespace: string): Promise<readonly string[]> => {
  const statuses = (await revisionsIn(kubectl, namespace)).map((name) =>
    kubectl(["get", "-n", namespace, name, "-o", "jsonpath={.metadata.labels.status}"]),
  );
  return Promise.all(statuses);
};

/**
 * Keeps the newest revision as one that Helm was at work on when it was killed; `next`: after one more that worked. A
 * pending installation has no revision before it.
 */
export const leavePending = async (
  kubectl: Kubectl,
  namespace: string,
  status: PendingStatus,
  next: boolean,
): Promise<void> => {
  const [newest = "", ...older] = (await revisionsIn(kubectl, namespace)).toReversed();
  if (status === "pending-install")
    for (const name of older) await kubectl(["delete", "-n", namespace, name]);
  const secret = secretSchema.parse(
    JSON.parse(await kubectl(["get", "-n", namespace, newest, "-o", "json"])),
  );
  const packed = Buffer.from(Buffer.from(secret.data.release, "base64").toString(), "base64");
  const stored = storedSchema.parse(JSON.parse(gunzipSync(packed).toString()));
  const version = stored.version + (next ? 1 : 0);
  const changed = JSON.stringify({ ...stored, version, info: { ...stored.info, status } });
  const { name, labels } = secret.metadata;
  const object = {
    ...secret,
    metadata: {
      name: name.replace(/v\d+$/, `v${version}`),
      namespace,
      labels: { ...labels, status, version: String(version) },
    },
    data: {
      release: Buffer.from(gzipSync(changed).toString("base64")).toString("base64"),
    },
  };
  await kubectl([next ? "create" : "replace", "-f", "-"], JSON.stringify(object));
};
