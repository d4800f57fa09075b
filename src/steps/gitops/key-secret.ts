/** The Secret of a deploy key, for a chart whose pods read it: Flux v1 and its Helm operator. */
import { Failure } from "../../step/failure.ts";
import type { DeployKeyHandle } from "../../step/handle.ts";

interface Wanted {
  readonly key?: DeployKeyHandle | undefined;
  /** Where the chart is installed. */
  readonly namespace: string;
}

/**
 * Name of the key's Secret, undefined without a key. A pod reads Secrets of its own namespace alone: with a key
 * elsewhere it would wait for ever, hence a Failure (P0770). `program`: what the message calls the chart.
 */
export const keySecretFor =
  (program: string) =>
  ({ key, namespace }: Wanted): string | undefined => {
    if (key === undefined || key.namespace === namespace) return key?.secret;
    throw new Failure({
      kind: "rejected",
      code: "P0770",
      message: `the deploy key is in namespace ${key.namespace}, and ${program} runs in ${namespace}`,
      hint: `set \`namespace: ${namespace}\` on the step \`git/deploy-key\``,
    });
  };

/**
 * Chart values `extraVolumes` and `extraVolumeMounts` for the host keys in the key's Secret. The images know those of
 * the big hosts as they were in 2022 (GitHub's RSA key has changed since), and of nobody else's.
 */
export const knownHostsVolume = ({ secret }: Pick<DeployKeyHandle, "secret">) => [
  {
    name: "known-hosts",
    secret: {
      secretName: secret,
      items: [{ key: "known_hosts", path: "known_hosts" }],
      defaultMode: 0o400,
    },
  },
];
export const knownHostsMount = [{ name: "known-hosts", mountPath: "/root/.ssh", readOnly: true }];
