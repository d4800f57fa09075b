/** A cluster of the sandbox on loopback, reached through a kubeconfig by the product's own client. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createUse } from "../../../src/run/world.ts";
import type { ClusterApi } from "../../../src/sandbox/kubernetes/cluster-api.ts";
import { createKubernetesService } from "../../../src/sandbox/kubernetes/service.ts";
import { emptyKubernetesState } from "../../../src/sandbox/kubernetes/state.ts";
import { createPace } from "../../../src/sandbox/pace.ts";
import type { World } from "../../../src/sandbox/world.ts";
import type { Environment, StepContext } from "../../../src/step/context.ts";
import { fakeContext } from "../../fakes/step-context.ts";

export interface SandboxCluster extends AsyncDisposable {
  /** As an existing-cluster step gives it. */
  readonly handle: { readonly kind: "cluster"; readonly id: string; readonly name: string };
  readonly context: StepContext;
  /** The same cluster in process. */
  readonly api: ClusterApi;
  /** Writes over HTTP that were kept: `PATCH /api/v1/namespaces/web`. */
  writes(): readonly string[];
  /** Folder that the pipeline's relative paths start from. */
  readonly directory: string;
}

const unused = () => {
  throw new Error("only Kubernetes is here");
};

export const openSandboxCluster = async (): Promise<SandboxCluster> => {
  let url = "";
  const pace = createPace("instant");
  const world: World = {
    arm: {
      publicIp: () => undefined,
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
    authority: () => "",
  };
  const state = emptyKubernetesState();
  const service = createKubernetesService(world, { state, changed: () => undefined });
  const server = createServer((request, response) => void service.handle(request, response));
  await new Promise<void>((listening) => {
    server.listen(0, "127.0.0.1", listening);
  });
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`;
  const pool = { name: "system", count: 2, size: "Standard_D4ds_v5", mode: "System" as const, zones: [] };
  service.world.ensure({
    key: "demo",
    name: "demo",
    version: "1.35.4",
    location: "westeurope",
    nodeResourceGroup: "mc-demo",
    principalId: "principal",
    pools: [pool],
  });
  const api = service.cluster("demo");
  if (!api) throw new Error("the sandbox made no cluster");
  const directory = await mkdtemp(join(tmpdir(), "cluster-"));
  await writeFile(join(directory, "config"), service.world.kubeconfig("demo", "admin"), { mode: 0o600 });
  const environment: Environment = { ...fakeContext({}).environment, directory, pollInterval: 1 };
  const clock = {
    now: () => Date.now(),
    sleep: () => new Promise<void>((resolve) => setImmediate(resolve)),
  };
  return {
    handle: { kind: "cluster", id: "kubeconfig:config#", name: "demo" },
    context: { ...fakeContext({}, { clock }), environment, use: createUse(environment) },
    api,
    writes: () =>
      api
        .writes()
        .filter(
          ({ dryRun, userAgent, status }) => !dryRun && userAgent.startsWith("provision/") && status < 400,
        )
        .map(({ method, path }) => `${method} ${path}`),
    directory,
    [Symbol.asyncDispose]: async () => {
      await service.close();
      pace.close();
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
      await rm(directory, { recursive: true });
    },
  };
};
