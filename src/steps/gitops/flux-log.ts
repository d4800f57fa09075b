/**
 * What Flux v1 has come to, from its log, which alone tells: its pod is ready whether or not it can read the
 * repository. It writes `event=refreshed` after each look that went well, and why a look did not only with the next
 * full apply (`syncInterval`).
 */
import type { KubernetesClient } from "../../clients/kubernetes/client.ts";
import { faultsIn, isRefusedKey } from "../../families/helm/log-errors.ts";
import type { Verdict } from "../../step/step.ts";

export interface Followed {
  readonly namespace: string;
  readonly release: string;
  readonly branch: string;
  readonly readOnly: boolean;
}

/** Enough for the lines of a full apply between two looks. */
const tail = 500;
/** The chart's name for the container. */
const container = "flux";

/** The last lines of the pods that are to stay; undefined where they can't be read. */
const logOf = async (
  client: KubernetesClient,
  { namespace, release }: Followed,
): Promise<readonly string[] | undefined> => {
  try {
    const pods = await client.list(
      { apiVersion: "v1", kind: "Pod" },
      { namespace, labelSelector: `app=flux,release=${release}` },
    );
    const present = pods.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
    const logs = present.map(({ metadata }) => client.logs(namespace, metadata.name, { container, tail }));
    return (await Promise.all(logs)).flat();
  } catch {
    return undefined;
  }
};

const refreshed = /event=refreshed .*HEAD=([0-9a-f]{7})/;

/** What git and ssh say within a line, else the error as it is; undefined before the first look has ended. */
const causeIn = (fault: string): string | undefined => {
  if (fault.includes("git repo has not been cloned yet")) return undefined;
  const said =
    /ERROR: [^\\"]+|Permission denied \(publickey[^\\"]*|Host key verification failed|configured branch '[^']*' does not exist/;
  return said.exec(fault)?.[0] ?? /\berr="((?:[^"\\]|\\.)*)"/.exec(fault)?.[1] ?? fault;
};

/** GitHub's words, and GitLab's. */
const mayOnlyRead = /marked as read only|does not have write access/;

const hintFor = (cause: string | undefined, readOnly: boolean): string => {
  if (readOnly) return "give the repository the key of step `git/deploy-key`, for reading";
  return cause !== undefined && mayOnlyRead.test(cause)
    ? "set `readOnly: false` on the step `git/deploy-key`, or `readOnly: true` on this one"
    : "give the repository the key of step `git/deploy-key`, with write access";
};

/** Pure. `lines`: undefined where the log can't be read. */
export const judgeLog = (lines: readonly string[] | undefined, followed: Followed): Verdict => {
  const { branch, readOnly } = followed;
  if (lines === undefined) {
    return { ready: true, detail: `told to follow ${branch}; its log, which says more, can't be read` };
  }
  const faults = faultsIn(lines).slice(-5);
  const refused = faults.find(isRefusedKey);
  const head = lines.flatMap((line) => refreshed.exec(line)?.[1] ?? []).at(-1);
  if (refused === undefined && head !== undefined)
    return { ready: true, detail: `follows ${branch}, at ${head}` };
  const cause = causeIn(refused ?? faults.at(-1) ?? "");
  const seen =
    head === undefined ? "it has not read the repository yet" : "it can't read the repository any more";
  return {
    ready: false,
    reason: cause ? `${seen}: ${cause}` : seen,
    // A deploy key that a person has just added is taken within seconds.
    worthWaiting: true,
    hint: hintFor(cause, readOnly),
    evidence: faults,
  };
};

/** Whether Flux reads the repository, and writes to it where it must. */
export const follows = async (client: KubernetesClient, followed: Followed): Promise<Verdict> =>
  judgeLog(await logOf(client, followed), followed);
