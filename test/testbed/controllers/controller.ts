/**
 * The contract of a controller: a real program that this machine runs in the place of a Deployment's pods, which kwok
 * only simulates. What it is told comes from that Deployment, so that the objects our steps make are what is tested:
 * its arguments, environment, Secrets, volumes and the rights of its ServiceAccount.
 */
import type { ProgramName } from "../programs.ts";

/** One container of a Deployment, with everything it refers to read from the cluster. */
export interface Workload {
  readonly namespace: string;
  /** Of the Deployment. */
  readonly name: string;
  readonly container: string;
  readonly arguments: readonly string[];
  /** Values, and what `valueFrom` leads to: keys of Secrets and ConfigMaps, the namespace, the pod's name. */
  readonly variables: Readonly<Record<string, string>>;
  /** Mount path in the container to a folder of this machine with the same files: Secrets, ConfigMaps, emptyDirs. */
  readonly volumes: Readonly<Record<string, string>>;
  /** Container ports by their names. */
  readonly ports: Readonly<Record<string, number>>;
  /** A login with the ServiceAccount's token, and nothing more than its roles allow. */
  readonly kubeconfig: string;
  /** A folder of its own, gone with the workload. */
  readonly directory: string;
}

/** What every controller may use of the testbed. */
export interface Surroundings {
  /** `http://127.0.0.1:PORT`: a proxy that leads the internet's names, as api.cloudflare.com, to loopback. */
  readonly proxy: string;
  /** PEM file: the authority of all that answers behind the proxy. */
  readonly authority: string;
  /** Answers A queries with 127.0.0.1, for every name; `127.0.0.1:PORT`. */
  readonly resolver: string;
  /** Settings of ssh that lead the internet's git hosts to loopback. */
  readonly sshSettings: string;
  /** Path of the real kubectl. */
  readonly kubectl: string;
  /** A free port on loopback. */
  freePort(): Promise<number>;
}

/** How the program is started on this machine. */
export interface Start {
  readonly arguments: readonly string[];
  readonly variables?: Readonly<Record<string, string>>;
  /** Container port to the port on loopback where this machine's process listens: Services lead there. */
  readonly listens?: ReadonlyMap<number, number>;
}

export interface Controller {
  /** Of the log file, and in what is told. */
  readonly name: string;
  /** The end of the image's repository, without registry and tag: `external-dns/external-dns`. */
  readonly image: string;
  readonly program: ProgramName;
  /** Keeps the Deployment's own words, and changes only what a host process can't share: addresses, paths, ports. */
  start(workload: Workload, surroundings: Surroundings): Promise<Start>;
}
