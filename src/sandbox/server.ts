/**
 * The sandbox: an Azure Resource Manager, a Microsoft Entra with its Graph, a Cloudflare, a little GitHub and Kubernetes APIs behind
 * one HTTPS port on 127.0.0.1, with state that outlives the process. The real SDKs and the real Helm talk to it.
 */
import { once } from "node:events";
import { mkdir } from "node:fs/promises";
import { createServer, type Server } from "node:https";
import { join } from "node:path";
import type { z } from "zod";
import { createArmService } from "./arm/service.ts";
import { armState, initialArmState } from "./arm/state.ts";
import { openAuthority } from "./authority/authority.ts";
import { createCloudflareService } from "./cloudflare/service.ts";
import { cloudflareState, initialCloudflareState } from "./cloudflare/state.ts";
import { type ClusterChoice, openClusters } from "./clusters.ts";
import { type Control, createControl } from "./control/control.ts";
import { createControlService } from "./control/service.ts";
import { createDispatch } from "./dispatch.ts";
import { openDns } from "./dns/server.ts";
import { servedZones } from "./dns/zones.ts";
import { createEntra, entraState, initialEntraState } from "./entra/service.ts";
import { environmentOf } from "./environment.ts";
import { createFaults } from "./faults.ts";
import { createGithubService, githubState, initialGithubState } from "./github/service.ts";
import { createGraphService } from "./graph/service.ts";
import { graphState, initialGraphState } from "./graph/state.ts";
import { createIssuer } from "./oidc/issuer.ts";
import { createOidcService } from "./oidc/service.ts";
import { createPace, type PaceName } from "./pace.ts";
import { createRequests } from "./requests.ts";
import { openSettings } from "./settings.ts";
import { type FileStore, openStore } from "./store.ts";
import type { World } from "./world.ts";

export interface SandboxOptions {
  /** Folder of state, certificates and logins; made where it is missing. One sandbox at a time may use it. */
  readonly directory: string;
  /** 0 (any free one) by default. */
  readonly port?: number;
  /** `instant` by default: whatever takes Azure time is over at once. */
  readonly pace?: PaceName;
  readonly kubernetes?: ClusterChoice;
}

export interface Sandbox {
  /** `https://127.0.0.1:<port>` */
  readonly url: string;
  /** PEM file of the authority that signed the server's certificate. */
  readonly authorityFile: string;
  /** The same as text, for `tlsOptions.ca` and `fetch` in this process. */
  readonly authority: string;
  /** Opens `/control` to other processes. */
  readonly controlToken: string;
  readonly control: Control;
  /** Which of its name servers stands for which, as `environmentOf` takes them. */
  readonly nameServers: string;
  /** Variables that make the real SDKs, in this process or in a child, talk to the sandbox. */
  environment(): Record<string, string>;
  /** Closes connections and services and writes all state. */
  stop(): Promise<void>;
}

const open = <State extends object>(
  directory: string,
  name: string,
  initial: () => State,
  schema: z.ZodType<State>,
): Promise<FileStore<State>> =>
  openStore(join(directory, `${name}.json`), initial, (value) => schema.safeParse(value).data);

const listen = async (server: Server, port: number): Promise<number> => {
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the sandbox's server has no port");
  return address.port;
};

const notYet = (): never => {
  throw new Error("the sandbox's services are still being made");
};

export const startSandbox = async (options: SandboxOptions): Promise<Sandbox> => {
  const { directory } = options;
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const pace = createPace(options.pace ?? "instant");
  const authority = await openAuthority(directory, pace.now());
  const settings = await openSettings(directory);
  const cloudflareInitial = () => initialCloudflareState(settings.cloudflareToken, pace.now());
  const armStore = await open(directory, "arm", initialArmState, armState);
  const entraStore = await open(directory, "entra", initialEntraState, entraState);
  const cloudflareStore = await open(directory, "cloudflare", cloudflareInitial, cloudflareState);
  const githubStore = await open(directory, "github", initialGithubState, githubState);
  const graphStore = await open(directory, "graph", initialGraphState, graphState);

  let url = "";
  const world: World = {
    arm: {
      publicIp: notYet,
      publicIpByAddress: notYet,
      attach: notYet,
      hasRole: notYet,
      makePublicIp: notYet,
    },
    cloudflare: { request: notYet, resolve: notYet },
    kubernetes: { ensure: notYet, remove: notYet, kubeconfig: notYet },
    directory: { application: notYet, clientOf: notYet },
    pace,
    url: () => url,
    authority: () => authority.certificate,
  };
  const issuer = createIssuer(entraStore.state.issuerKey, pace.now);
  const entra = createEntra(world, settings, entraStore, issuer);
  const arm = createArmService(world, settings, armStore, pace, entra);
  const cloudflare = createCloudflareService(
    cloudflareStore,
    pace,
    () => pace.name === "demo" || armStore.state.throttled,
  );
  const github = createGithubService(world, settings, githubStore);
  const graph = createGraphService(
    world,
    settings,
    graphStore,
    pace,
    entra,
    () => armStore.state.replicationHeld,
  );
  world.arm = arm.world;
  world.directory = graph.world;
  world.cloudflare = cloudflare.world;
  const clusters = await openClusters(
    options.kubernetes ?? "built-in",
    directory,
    world,
    entra,
    (key) => armStore.state.resources[key],
  );
  world.kubernetes = clusters.world;

  const faults = createFaults();
  const requests = createRequests();
  const control = createControl({
    arm,
    armStore,
    entraStore,
    cloudflareStore,
    githubStore,
    graph,
    graphStore,
    issuer,
    url: () => url,
    requestToken: settings.controlToken,
    faults,
    requests,
    pace,
    wipe() {
      clusters.wipe();
      armStore.replace(initialArmState());
      cloudflareStore.replace(cloudflareInitial());
      githubStore.replace(initialGithubState());
      graphStore.replace(initialGraphState());
      Object.assign(entraStore.state, { tokenLifetime: 3600, secretExpired: false });
      entraStore.changed();
    },
  });
  const services = [
    createControlService(control, settings),
    cloudflare,
    github,
    graph,
    createOidcService(world, settings, issuer),
    ...(clusters.service ? [clusters.service] : []),
    entra,
    arm,
  ];
  const server = createServer(
    { cert: authority.server.certificate, key: authority.server.key, keepAlive: true },
    createDispatch(services, faults, requests, pace.now),
  );
  url = `https://127.0.0.1:${await listen(server, options.port ?? 0)}`;
  const dns = await openDns(() => servedZones(armStore.state, cloudflareStore.state));
  entraStore.changed();
  arm.resume();
  graph.resume();

  return {
    url,
    authorityFile: authority.file,
    authority: authority.certificate,
    controlToken: settings.controlToken,
    control,
    nameServers: dns.addresses,
    environment: () => environmentOf(url, authority.file, dns.addresses, settings),
    async stop() {
      pace.close();
      await clusters.close();
      await dns.close();
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
      for (const store of [armStore, entraStore, cloudflareStore, githubStore, graphStore])
        await store.close();
    },
  };
};
