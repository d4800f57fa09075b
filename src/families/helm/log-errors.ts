/** Reads the log of a controller for what tells that it can't work, though its pod runs. */
import type { KubernetesClient } from "../../clients/kubernetes/client.ts";
import { logLinesOf } from "../kubernetes/evidence.ts";

/** Lines of a fault, in the formats of logrus and go-kit, since the last round that went well. Pure. */
export const faultsIn = (lines: readonly string[]): readonly string[] =>
  lines.slice(lines.findLastIndex(wentWell) + 1).filter(isFault);

const isFault = (line: string): boolean =>
  /level="?(error|fatal|panic)|"level":\s*"(error|fatal|panic)"|\berr=(?!null\b)/.test(line);

/** What External DNS and Flux write at the end of a round. */
const wentWell = (line: string): boolean =>
  /All records are already up to date|Changing record|event=refreshed/.test(line);

/** Whether a fault is one that no waiting mends: a token that Cloudflare refuses. Pure. */
export const isRefusedToken = (line: string): boolean =>
  /Invalid (API Token|access token|request headers)|Authentication error|\b(6003|9109|10000|10001)\b|\b40[13]\b|Unauthorized|Forbidden/i.test(
    line,
  );

/** Whether a fault is a git host that refuses the key, or one whose own key is not expected. Pure. */
export const isRefusedKey = (line: string): boolean =>
  /Permission denied \(publickey|Host key verification failed|Could not read from remote repository|denied to deploy key|repository not found/i.test(
    line,
  );

/** The last faults in the logs of the pods of a selector. */
export const recentFaults = async (
  client: KubernetesClient,
  namespace: string,
  labelSelector: string,
): Promise<readonly string[]> =>
  faultsIn(await logLinesOf(client, namespace, labelSelector, { tail: 20, pods: 2 })).slice(-5);
