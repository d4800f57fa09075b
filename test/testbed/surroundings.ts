/**
 * What the testbed puts around its cluster: the internet that controllers see (Cloudflare is the sandbox's, Let's
 * Encrypt is pebble), a nameserver, the kubelet that runs them, and the cloud provider of the sandbox's cluster.
 */
import { dirname, join } from "node:path";
import { status } from "../../src/sandbox/process.ts";
import { sandboxIn, watchForClusters } from "./cloud/watch-clusters.ts";
import type { Launch } from "./control-plane.ts";
import { openCluster } from "./controllers/cluster.ts";
import { controllers } from "./controllers/index.ts";
import { type Launcher, startLauncher } from "./controllers/launcher.ts";
import { startPodLogs } from "./controllers/pod-logs.ts";
import { startWebhookCertificates } from "./controllers/webhook-certificate.ts";
import type { GitServer } from "./git-server.ts";
import { acmeNames, acmePath, startAcme, startResolver } from "./internet/acme.ts";
import { startGithub } from "./internet/github.ts";
import { startInternet } from "./internet/proxy.ts";
import { relayTo, type Upstream } from "./internet/relay.ts";
import { solver } from "./internet/solver.ts";
import { freePorts } from "./ports.ts";
import type { ProgramName } from "./programs.ts";

export interface SurroundingsOptions {
  readonly directory: string;
  /** A login of an administrator that is not the user's own. */
  readonly kubeconfig: string;
  /** That of the cloud provider. */
  readonly cloudKubeconfig: string;
  /** The user's own: by it a sandbox says that this cluster is its. */
  readonly userKubeconfig: string;
  readonly kubectl: string;
  readonly launch: Launch;
  readonly binary: (name: ProgramName) => string;
  /** Usually `process.env`, for the cache of binaries. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** Folder of the sandbox, running or not yet, whose Cloudflare the controllers reach. */
  readonly sandbox: string;
  /** Where the nodes' kubelets are asked for logs, and the PEM files with which they serve. */
  readonly kubelet: { readonly port: number; readonly certificate: string; readonly key: string };
  readonly report: (line: string) => void;
}

export interface RunningSurroundings {
  readonly launcher: Launcher;
  /** The testbed's github.com. */
  readonly github: GitServer;
  stop(): Promise<void>;
}

export const startSurroundings = async (options: SurroundingsOptions): Promise<RunningSurroundings> => {
  const { launch, binary, directory } = options;
  const cloudflare = async (): Promise<Upstream> => {
    const running = await status(options.sandbox);
    if (running === undefined) throw new Error(`no sandbox runs in ${options.sandbox}`);
    return running;
  };
  let acme: Upstream | undefined;
  const letsEncrypt = async (): Promise<Upstream> => {
    if (acme === undefined) throw new Error("the ACME server is still starting");
    return acme;
  };
  const internet = await startInternet({
    directory,
    sites: new Map([
      ["api.cloudflare.com", relayTo(cloudflare)],
      ...acmeNames.map((name) => [name, relayTo(letsEncrypt, acmePath)] as const),
    ]),
    plain: solver(options.kubeconfig),
  });
  const { authority } = internet;
  const files = dirname(authority.file);
  const resolver = await startResolver(launch, binary);
  const url = await startAcme({
    directory,
    launch,
    binary,
    resolver,
    httpPort: internet.port,
    certificate: join(files, "server.pem"),
    key: join(files, "server-key.pem"),
  });
  acme = { url, authority: authority.certificate };
  const github = await startGithub({
    directory: join(directory, "github"),
    variables: options.variables,
    sandbox: options.sandbox,
  });
  const launcher = await startLauncher({
    controllers,
    cluster: openCluster(options.kubeconfig),
    surroundings: {
      proxy: internet.proxy,
      authority: authority.file,
      resolver,
      sshSettings: github.sshSettings,
      kubectl: options.kubectl,
      freePort: async () => {
        const [port] = await freePorts(1);
        if (port === undefined) throw new Error("no port was given");
        return port;
      },
    },
    launch,
    binary,
    directory: join(directory, "workloads"),
    report: options.report,
  });
  const { kubeconfig, report } = options;
  const webhookCertificates = startWebhookCertificates({ kubeconfig, directory, report });
  const logs = await startPodLogs({ ...options.kubelet, logOf: launcher.logOf });
  const clouds = watchForClusters({
    findSandbox: sandboxIn(options.sandbox, options.userKubeconfig),
    kubeconfig: options.cloudKubeconfig,
    binary: binary("cloud-provider-azure"),
    launch,
    directory,
    report,
  });
  return {
    launcher,
    github: github.server,
    stop: async () => {
      await clouds.stop();
      await logs.stop();
      await webhookCertificates.stop();
      await launcher.stop();
      await github.stop();
      await internet.stop();
    },
  };
};
