/**
 * Simulated nodes, shaped as AKS shapes those of a virtual machine scale set. Upstream's kwok plays their kubelets:
 * pods on them become Ready and Jobs complete, though no container runs.
 */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import type { Binaries } from "./build.ts";
import { type ControlPlane, get, type Launch } from "./control-plane.ts";
import { freePorts } from "./ports.ts";
import { waitUntil } from "./process.ts";

const location = "westeurope";
const nodeGroup = "mc_rg-clu_clu_westeurope";
const scaleSet = "aks-system-31415926-vmss";

/** In the size of a Standard_D4s_v5: four processors, 16 GiB, what AKS reserves left out. */
const resources = { cpu: "3860m", memory: "12880Mi", pods: "110", "ephemeral-storage": "119703055367" };

/** `index` counts from 0; a scale set's names end with it in base 36, six wide. */
export const aksNode = (index: number): object => {
  const name = `${scaleSet}${index.toString(36).padStart(6, "0")}`;
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: {
      name,
      labels: {
        agentpool: "system",
        "beta.kubernetes.io/arch": "amd64",
        "beta.kubernetes.io/instance-type": "Standard_D4s_v5",
        "beta.kubernetes.io/os": "linux",
        "failure-domain.beta.kubernetes.io/region": location,
        "failure-domain.beta.kubernetes.io/zone": `${location}-${(index % 3) + 1}`,
        "kubernetes.azure.com/agentpool": "system",
        "kubernetes.azure.com/cluster": nodeGroup,
        "kubernetes.azure.com/mode": "system",
        "kubernetes.azure.com/role": "agent",
        "kubernetes.io/arch": "amd64",
        "kubernetes.io/hostname": name,
        "kubernetes.io/os": "linux",
        "node.kubernetes.io/instance-type": "Standard_D4s_v5",
        "topology.kubernetes.io/region": location,
        "topology.kubernetes.io/zone": `${location}-${(index % 3) + 1}`,
      },
    },
    spec: {
      providerID: `azure:///subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/${nodeGroup}/providers/Microsoft.Compute/virtualMachineScaleSets/${scaleSet}/virtualMachines/${index}`,
    },
    status: {
      addresses: [
        { type: "InternalIP", address: `10.224.0.${index + 4}` },
        { type: "Hostname", address: name },
        // Where the API server looks for its kubelet, since the others lead away from this machine.
        { type: "ExternalDNS", address: "localhost" },
      ],
      allocatable: resources,
      capacity: resources,
    },
  };
};

const isReady = (text: string, count: number): boolean =>
  (text.match(/"type":"Ready","status":"True"/g) ?? []).length >= count;

/**
 * Starts kwok in `directory` and returns when all of the nodes are ready.
 *
 * @param kubeletPort what the nodes say their kubelets listen on, on this machine.
 */
export const startNodes = async (
  directory: string,
  binaries: Binaries,
  controlPlane: ControlPlane,
  launch: Launch,
  count: number,
  kubeletPort: number,
): Promise<void> => {
  const stages = join(directory, "stages.yaml");
  const { stdout } = await execa(binaries("kwok"), ["stages"]);
  await writeFile(stages, stdout);
  const nodes = Array.from({ length: count }, (_, index) => aksNode(index));
  await execa(binaries("control-plane"), ["kubectl", "create", "-f", "-"], {
    input: JSON.stringify({ apiVersion: "v1", kind: "List", items: nodes }),
    env: { KUBECONFIG: controlPlane.nodesKubeconfig, HOME: directory },
  });
  const [port] = await freePorts(1);
  const kwok = await launch({
    name: "kwok",
    program: binaries("kwok"),
    arguments: [
      `--kubeconfig=${controlPlane.nodesKubeconfig}`,
      `--config=${stages}`,
      "--manage-all-nodes=true",
      // Without leases the node controller takes the nodes for dead after 50 s.
      "--node-lease-duration-seconds=40",
      "--cidr=10.244.0.1/16",
      "--node-ip=127.0.0.1",
      `--server-address=127.0.0.1:${port}`,
      `--node-port=${kubeletPort}`,
    ],
  });
  await waitUntil("the nodes become ready", kwok, async () =>
    isReady((await get(controlPlane.login, "/api/v1/nodes"))?.text ?? "", count),
  );
};
