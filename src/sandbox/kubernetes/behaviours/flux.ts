/**
 * fluxd of Flux v1, as far as others see it: where its Secret holds no key it writes one of its own, and its log says
 * whether the repository can be read. A key of its own is one that no host knows yet. Nothing is cloned or applied.
 */
import { createHash, generateKeyPairSync } from "node:crypto";
import type { Behaviour } from "../behaviour.ts";
import type { ClusterApi } from "../cluster-api.ts";
import { at, type Json, textOf, textsOf } from "../json.ts";
import type { KubernetesObject } from "../object.ts";
import { isReady, podKind } from "../workloads/pods.ts";
import { argumentOf, containerRunning, type Program, programsIn } from "../workloads/programs.ts";

const manager = "fluxd";
/** From its pod's being ready to the first look at the repository, in milliseconds. */
const cloning = 2_000;

export const behaviour: Behaviour = {
  name: "flux",
  reconcile: (cluster, { object }) => {
    if (!["Deployment", "Secret"].includes(object.kind)) return;
    for (const program of programsIn(cluster, isFlux)) {
      const { namespace = "default" } = program.workload.metadata;
      if (namespace !== object.metadata.namespace || !containerRunning(cluster, program.workload)) continue;
      keepIdentity(cluster, namespace, program.container);
      cluster.pace.after(cloning, () => look(cluster, program));
    }
  },
};

const isFlux = (container: Json): boolean =>
  argumentOf(container, "--git-url") !== undefined &&
  argumentOf(container, "--k8s-secret-name") !== undefined;

const secretOf = (cluster: ClusterApi, namespace: string, container: Json): KubernetesObject | undefined =>
  cluster.get({
    apiVersion: "v1",
    kind: "Secret",
    namespace,
    name: argumentOf(container, "--k8s-secret-name") ?? "",
  });

/** fluxd only adds to the Secret, which must be there. */
const keepIdentity = (cluster: ClusterApi, namespace: string, container: Json): void => {
  const secret = secretOf(cluster, namespace, container);
  if (!secret || at(secret, "data", "identity") !== undefined) return;
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const identity = Buffer.from(privateKey.export({ type: "sec1", format: "pem" })).toString("base64");
  const { name } = secret.metadata;
  cluster.patch({ apiVersion: "v1", kind: "Secret", namespace, name }, { data: { identity } }, manager);
};

/** Whether the key is the one that fluxd wrote: nobody can have given it to the repository before. */
const isOwnKey = (secret: KubernetesObject | undefined): boolean =>
  secret?.metadata.managedFields?.some(
    (entry) => entry.manager === manager && at(entry.fieldsV1, "f:data", "f:identity") !== undefined,
  ) ?? false;

const look = (cluster: ClusterApi, { workload, container }: Program): void => {
  const { namespace = "default" } = workload.metadata;
  const url = argumentOf(container, "--git-url") ?? "";
  const branch = argumentOf(container, "--git-branch") ?? "master";
  const refused = !/^https?:/.test(url) && isOwnKey(secretOf(cluster, namespace, container));
  const said = refused ? refusal : refreshed(url, branch);
  const labels = Object.entries(textsOf(at(workload, "spec", "selector", "matchLabels")));
  const labelSelector = labels.map(([key, value]) => `${key}=${value}`).join(",");
  for (const pod of cluster.list(podKind, { namespace, labelSelector }).filter(isReady)) {
    const { name } = pod.metadata;
    const line = (text: string) =>
      cluster.log(namespace, name, `ts=${new Date(cluster.pace.now()).toISOString()} ${text}`, containerName);
    const containerName = textOf(at(container, "name")) ?? "flux";
    const known = cluster.logs(namespace, name, containerName);
    if (known.length === 0) {
      line("caller=main.go:259 version=1.25.3");
      line('caller=main.go:795 addr=:3030 msg="sandbox: nothing is cloned and nothing is applied"');
    }
    if (!known.at(-1)?.endsWith(said)) line(said);
  }
};

const refusal =
  "caller=loop.go:108 component=sync-loop err=\"git repo not ready: git clone --mirror: fatal: Could not read from remote repository., full output:\\n Cloning into bare repository '/tmp/flux-gitclone'...\\ngit@github.com: Permission denied (publickey).\\r\\nfatal: Could not read from remote repository.\"";

/** The commit is none that there is: a digest of what was asked for. */
const refreshed = (url: string, branch: string): string =>
  `caller=loop.go:134 component=sync-loop event=refreshed url=${url} branch=${branch} HEAD=${createHash("sha1").update(`${url} ${branch}`).digest("hex")}`;
