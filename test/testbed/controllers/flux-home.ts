/**
 * What the images of Flux v1 and its Helm operator have on their disks, on this machine: a home folder with a login at
 * the cluster and the settings of git and ssh, and the Deployment's mount paths led to the folders that stand for them.
 * Source of the settings: docker/ssh_config and docker/Dockerfile.* of github.com/fluxcd/flux v1.25.4.
 */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { KubeConfig } from "@kubernetes/client-node";
import type { Surroundings, Workload } from "./controller.ts";

type Volumes = Workload["volumes"];

/** Where the charts mount the deploy key's Secret. */
const keyFolder = "/etc/fluxd/ssh";
const sshFolder = "/root/.ssh";

/** The text with the mount paths in it led to this machine: alone, and behind `=`, `:` and `,`. */
export const onThisMachine = (text: string, volumes: Volumes): string =>
  text.replace(/(^|[=:,])(\/[^=:,]*)/g, (whole, before: string, path: string) => {
    const [mount] = Object.keys(volumes)
      .filter((each) => path === each || path.startsWith(`${each}/`))
      .toSorted((one, other) => other.length - one.length);
    return mount === undefined ? whole : `${before}${volumes[mount]}${path.slice(mount.length)}`;
  });

/** `host` is the name that those settings lead to: what they do not lead here is not connected to. */
const staysHere = "Match host *,!127.0.0.1,!localhost\nProxyCommand false\n";

export const sshConfiguration = (volumes: Volumes, hosts: string): string => {
  const mounted = volumes[sshFolder];
  const knownHosts =
    volumes[`${sshFolder}/known_hosts`] ?? (mounted === undefined ? "none" : join(mounted, "known_hosts"));
  const settings = [
    mounted === undefined ? "" : `Include ${join(mounted, "config")}`,
    "Host *",
    "StrictHostKeyChecking yes",
    ...(volumes[keyFolder] === undefined ? [] : [`IdentityFile ${join(volumes[keyFolder], "identity")}`]),
    "LogLevel error",
    // The image knows the hosts of that time; ssh of this machine shall know those of the Deployment alone.
    "GlobalKnownHostsFile none",
    `UserKnownHostsFile ${knownHosts}`,
  ];
  // The first that is said of a host counts.
  return `${hosts}${staysHere}${settings.join("\n")}\n`;
};

/** Flux hands HOME on to git and nothing that names another ssh; ssh itself asks the system for the user's home. */
const gitSettings = (volumes: Volumes, sshConfig: string): string => {
  const settings = ["[core]", `\tsshCommand = ssh -F ${sshConfig}`];
  const mounted = volumes["/root/.gitconfig"];
  if (mounted !== undefined) settings.push("[include]", `\tpath = ${mounted}`);
  return `${settings.join("\n")}\n`;
};

/** With the authority as a file, as in a pod: fluxd hands only that on to kubectl. */
const loginWithFile = async (kubeconfig: string, authorityFile: string): Promise<string> => {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const cluster = config.getCurrentCluster();
  const user = config.getCurrentUser();
  if (cluster === null || user === null) throw new Error(`${kubeconfig} has no login`);
  await writeFile(authorityFile, Buffer.from(cluster.caData ?? "", "base64"));
  const name = "workload";
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name, cluster: { server: cluster.server, "certificate-authority": authorityFile } }],
    users: [{ name, user: { token: user.token } }],
    contexts: [{ name, context: { cluster: name, user: name } }],
    "current-context": name,
  });
};

/** Writes the home folder below the workload's own, and gives the environment that leads there, and nowhere else. */
export const fluxHome = async (
  { volumes, variables, kubeconfig, directory }: Workload,
  { sshSettings: hosts, proxy, authority }: Surroundings,
): Promise<Readonly<Record<string, string>>> => {
  const home = join(directory, "home");
  const temporary = join(directory, "temporary");
  const sshConfig = join(directory, "ssh_config");
  await mkdir(join(home, ".kube"), { recursive: true, mode: 0o700 });
  await mkdir(temporary);
  await writeFile(sshConfig, sshConfiguration(volumes, hosts));
  await writeFile(join(home, ".gitconfig"), gitSettings(volumes, sshConfig));
  const login = await loginWithFile(kubeconfig, join(directory, "authority.pem"));
  await writeFile(join(home, ".kube", "config"), login, { mode: 0o600 });
  const mapped = Object.entries(variables).map(([name, value]) => [name, onThisMachine(value, volumes)]);
  return {
    ...Object.fromEntries(mapped),
    HOME: home,
    TMPDIR: temporary,
    // For the internet's names; what is on loopback is asked directly.
    HTTPS_PROXY: proxy,
    HTTP_PROXY: proxy,
    NO_PROXY: "127.0.0.1,localhost",
    SSL_CERT_FILE: authority,
  };
};
