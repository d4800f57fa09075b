/**
 * A real Kubernetes 1.35 on loopback, without containers: the control plane, simulated nodes, and the Helms to talk
 * to it. It ends with `stop()`, and with the process that started it, whatever way that ends.
 */
import { mkdir, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readWrites, type Write, watchWrites } from "./audit.ts";
import { type Binaries, buildPrograms } from "./build.ts";
import { type Launch, startControlPlane } from "./control-plane.ts";
import type { GitServer } from "./git-server.ts";
import { startNodes } from "./nodes.ts";
import { freePorts } from "./ports.ts";
import { type HostProcess, startProcess } from "./process.ts";
import { basePrograms, controllerPrograms, type ProgramName } from "./programs.ts";
import { type RunningSurroundings, startSurroundings } from "./surroundings.ts";

export interface TestbedOptions {
  /** Of logs, logins and etcd's data; removed at the end. A temporary one by default. */
  readonly directory?: string;
  /** Usually `process.env`, for the cache of binaries. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  /**
   * Folder of a sandbox, running or not yet: the testbed then runs the controllers of every Deployment that it knows,
   * with the sandbox's Cloudflare as theirs. Without it, no controller runs.
   */
  readonly sandbox?: string;
  /** With `sandbox`: controllers beyond those that our pipelines install, as `fluxPrograms`. None by default. */
  readonly programs?: readonly ProgramName[];
  /** Simulated nodes; 3 by default. */
  readonly nodes?: number;
  /** Told what takes long. */
  readonly report?: (line: string) => void;
}

export interface Testbed extends AsyncDisposable {
  readonly directory: string;
  /** Path of an administrator's kubeconfig. */
  readonly kubeconfig: string;
  /** Of the cloud provider: a user of its own, `testbed-cloud`. */
  readonly cloudKubeconfig: string;
  /** Starts a process that ends with the testbed. */
  readonly launch: Launch;
  readonly binaries: Binaries;
  /** Path of kubectl, of the API server's version. */
  readonly kubectl: string;
  readonly processes: readonly HostProcess[];
  /** The repository of github.com that Flux syncs by default; undefined where no controllers run. */
  readonly github: GitServer | undefined;
  /** Names of the controllers that run now. */
  controllers(): readonly string[];
  /** Tells of every write that the API server answers from now on, within milliseconds, until it is disposed of. */
  watchWrites(tell: (write: Write) => void): Promise<AsyncDisposable>;
  /** Every write that the API server answered so far, by whomever. */
  writes(): Promise<readonly Write[]>;
  /** Ends every process and removes the directory. */
  stop(): Promise<void>;
}

/** Builds what is missing and starts it; returns when the nodes are ready and pods can be made. */
export const startTestbed = async (options: TestbedOptions): Promise<Testbed> => {
  const names =
    options.sandbox === undefined
      ? basePrograms
      : [...basePrograms, ...controllerPrograms, ...(options.programs ?? [])];
  const binaries = await buildPrograms<ProgramName>(names, options);
  const directory = options.directory ?? (await mkdtemp(join(tmpdir(), "provision-testbed-")));
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const processes: HostProcess[] = [];
  const launch: Launch = async (program) => {
    const started = await startProcess({ ...program, watcher: binaries("control-plane"), directory });
    processes.push(started);
    return started;
  };
  let surroundings: RunningSurroundings | undefined;
  const stopProcesses = async (): Promise<void> => {
    await surroundings?.stop();
    // The last to start asks those before it, so it ends first.
    for (const started of processes.toReversed()) await started.stop();
  };
  try {
    const controlPlane = await startControlPlane(directory, binaries("control-plane"), launch);
    const [kubeletPort = 0] = await freePorts(1);
    await startNodes(directory, binaries, controlPlane, launch, options.nodes ?? 3, kubeletPort);
    const kubectl = join(directory, "kubectl");
    await symlink(binaries("control-plane"), kubectl);
    if (options.sandbox !== undefined) {
      surroundings = await startSurroundings({
        directory,
        kubeconfig: controlPlane.nodesKubeconfig,
        cloudKubeconfig: controlPlane.cloudKubeconfig,
        userKubeconfig: controlPlane.kubeconfig,
        kubectl,
        launch,
        binary: binaries,
        variables: options.variables,
        sandbox: options.sandbox,
        kubelet: { port: kubeletPort, ...controlPlane.serving },
        report: options.report ?? (() => {}),
      });
    }
    const stop = async (): Promise<void> => {
      await stopProcesses();
      await rm(directory, { recursive: true, force: true });
    };
    return {
      directory,
      kubeconfig: controlPlane.kubeconfig,
      cloudKubeconfig: controlPlane.cloudKubeconfig,
      launch,
      binaries,
      kubectl,
      processes,
      github: surroundings?.github,
      controllers: () => surroundings?.launcher.running() ?? [],
      watchWrites: (tell) => watchWrites(controlPlane.auditLog, tell),
      writes: () => readWrites(controlPlane.auditLog),
      stop,
      [Symbol.asyncDispose]: stop,
    };
  } catch (error) {
    // The logs stay: the failure names them.
    await stopProcesses();
    throw error;
  }
};
