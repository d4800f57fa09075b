/**
 * Upstream's cloud-provider-azure for one cluster of a sandbox: it gives LoadBalancer Services of the real API server
 * addresses that the sandbox's ARM holds, as the identity of that cluster.
 */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Launch } from "../control-plane.ts";
import { freePorts } from "../ports.ts";
import type { HostProcess } from "../process.ts";
import { cloudConfig, cloudVariables } from "./cloud-config.ts";
import type { ManagedCluster, SandboxAccess } from "./sandbox-clusters.ts";

export interface CloudProviderOptions {
  readonly sandbox: SandboxAccess;
  readonly cluster: ManagedCluster;
  /** Of a user of its own, so that its writes are told from others. */
  readonly kubeconfig: string;
  /** Path of the program. */
  readonly binary: string;
  readonly launch: Launch;
  /** For its configuration; the testbed's. */
  readonly directory: string;
}

/** Only what Services need: the nodes are kwok's, and there are no routes. */
export const startCloudProvider = async (options: CloudProviderOptions): Promise<HostProcess> => {
  const { kubeconfig, directory } = options;
  const file = join(directory, "cloud-provider-azure.json");
  await writeFile(file, cloudConfig(options.sandbox.url, options.cluster), { mode: 0o600 });
  const [port] = await freePorts(1);
  return options.launch({
    name: "cloud-provider-azure",
    program: options.binary,
    arguments: [
      "--cloud-provider=azure",
      `--cloud-config=${file}`,
      `--kubeconfig=${kubeconfig}`,
      `--authentication-kubeconfig=${kubeconfig}`,
      `--authorization-kubeconfig=${kubeconfig}`,
      // The API server publishes no authority of client certificates, for which it would look again and again.
      "--authentication-skip-lookup=true",
      "--controllers=service",
      "--configure-cloud-routes=false",
      // Also the name of the load balancer.
      "--cluster-name=kubernetes",
      "--leader-elect=false",
      "--bind-address=127.0.0.1",
      `--secure-port=${port}`,
      `--cert-dir=${join(directory, "cloud-provider-azure")}`,
      "--v=2",
    ],
    variables: cloudVariables(options.sandbox, options.cluster),
  });
};
