/** The sandbox's Kubernetes alone, on loopback: what the real Helm talks to in these tests. */
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openAuthority } from "../../src/sandbox/authority/authority.ts";
import { createKubernetesService } from "../../src/sandbox/kubernetes/service.ts";
import { emptyKubernetesState } from "../../src/sandbox/kubernetes/state.ts";
import { createPace } from "../../src/sandbox/pace.ts";
import type { World } from "../../src/sandbox/world.ts";

export interface TestCluster extends AsyncDisposable {
  /** A folder of the test's own, gone at its end. */
  readonly directory: string;
  /** Path of a kubeconfig for the cluster. */
  readonly kubeconfig: string;
  readonly service: ReturnType<typeof createKubernetesService>;
  readonly key: string;
  /** Every request as `METHOD /path`, in order. */
  readonly requests: string[];
}

const publicIpId =
  "/subscriptions/s/resourceGroups/rg-ip/providers/Microsoft.Network/publicIPAddresses/clu-ip";

const unused = (): never => {
  throw new Error("this world has Kubernetes only");
};

/** `address`: the only public IP of its world, in group `rg-ip` as `clu-ip`. */
export const startCluster = async (address?: string): Promise<TestCluster> => {
  const directory = await mkdtemp(join(tmpdir(), "provision-test-"));
  const state = emptyKubernetesState();
  const pace = createPace("instant");
  const authority = await openAuthority(directory, pace.now());
  let url = "";
  const world: World = {
    arm: {
      publicIp: (group, name) =>
        address !== undefined && group === "rg-ip" && name === "clu-ip"
          ? { id: publicIpId, address, sku: "Standard" }
          : undefined,
      publicIpByAddress: () => undefined,
      attach: () => undefined,
      hasRole: () => true,
      makePublicIp: unused,
    },
    cloudflare: { request: unused, resolve: unused },
    directory: { application: () => undefined, clientOf: () => undefined },
    kubernetes: { ensure: unused, remove: unused, kubeconfig: unused },
    pace,
    url: () => url,
    authority: () => authority.certificate,
  };
  const service = createKubernetesService(world, { state, changed: () => undefined });
  world.kubernetes = service.world;
  const requests: string[] = [];
  // Helm's client sends a login over TLS only.
  const server = createServer(
    { cert: authority.server.certificate, key: authority.server.key },
    (request, response) => {
      requests.push(`${request.method} ${request.url}`);
      service
        .handle(request, response)
        .catch((error: unknown) => response.destroy(error instanceof Error ? error : undefined));
    },
  );
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const bound = server.address();
  if (bound === null || typeof bound === "string") throw new Error("no port");
  url = `https://127.0.0.1:${bound.port}`;
  const key = "test-cluster";
  service.world.ensure({
    key,
    name: "test",
    version: "1.35.4",
    location: "westeurope",
    nodeResourceGroup: "MC_test",
    principalId: "00000000-0000-0000-0000-000000000001",
    pools: [{ name: "system", count: 2, size: "Standard_D2s_v5", mode: "System", zones: [] }],
  });
  const kubeconfig = join(directory, "kubeconfig");
  await writeFile(kubeconfig, service.world.kubeconfig(key, "admin"), { mode: 0o600 });
  return {
    directory,
    kubeconfig,
    service,
    key,
    requests,
    [Symbol.asyncDispose]: async () => {
      pace.close();
      await service.close();
      server.closeAllConnections();
      server.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
};
