/**
 * Runs Helm: in a process group of its own, with an environment and folders of its own, and with what is secret in
 * a file that only this user can read and that is gone when Helm ends, or when we do.
 */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { Failure } from "../../step/failure.ts";
import type { Secret } from "../../step/secret.ts";
import { privateFolder } from "../private-folder.ts";
import { watch } from "./watchdog.ts";

export interface HelmRun {
  readonly arguments: readonly string[];
  readonly signal: AbortSignal;
  /** What Helm reads from stdin: values. */
  readonly input?: string | undefined;
  /** How to reach the cluster; without it, none. */
  readonly kubeconfig?: Secret | undefined;
}

export interface HelmResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export type RunHelm = (run: HelmRun) => Promise<HelmResult>;

/** Milliseconds that Helm has to mark its release failed after SIGTERM, before SIGKILL. */
const graceful = 15_000;

/**
 * Runs the Helm at `path` with the environment of `variables`, without its `HELM_*` and `KUBECONFIG`. An abort
 * of the signal lets Helm mark its release failed; one whose reason is a Failure (the hold on the cluster was lost) ends
 * it at once.
 */
export const helmRunner =
  (path: string, variables: Readonly<Record<string, string | undefined>>): RunHelm =>
  async (run) => {
    run.signal.throwIfAborted();
    await using folder = await privateFolder("helm");
    const kubeconfig = join(folder.path, "kubeconfig");
    // An empty file keeps Helm from looking for ~/.kube/config where no cluster is meant.
    await writeFile(kubeconfig, run.kubeconfig?.reveal() ?? "", { mode: 0o600 });
    const helm = execa(path, run.arguments, {
      env: helmEnvironment(variables, folder.path, kubeconfig, logsIn(run.kubeconfig)),
      extendEnv: false,
      input: run.input ?? "",
      reject: false,
      cancelSignal: run.signal,
      killDescendants: true,
      forceKillAfterDelay: graceful,
    });
    await using _ = watch(helm.pid, folder.path);
    // Where the cluster is another run's by now, Helm may not even mark its release failed.
    const end = (): void => {
      if (run.signal.reason instanceof Failure) helm.kill("SIGKILL");
    };
    run.signal.addEventListener("abort", end, { once: true });
    const result = await helm;
    run.signal.removeEventListener("abort", end);
    run.signal.throwIfAborted();
    return {
      exitCode: result.exitCode ?? -1,
      stdout: result.stdout,
      // Where the program could not be started at all, only the message says why.
      stderr: result.exitCode === undefined ? `${result.stderr}\n${result.shortMessage}` : result.stderr,
    };
  };

/** Whether Helm has to start a program that logs in to the cluster. */
const logsIn = (kubeconfig: Secret | undefined): boolean =>
  kubeconfig !== undefined && /\bexec"?\s*:/.test(kubeconfig.reveal());

const ofOthers = /^(HELM_.*|KUBECONFIG|KUBECACHEDIR)$/i;

/** What the run itself logs in with: of no use to Helm, but for the programs that it logs in by. */
const credentials =
  /^(AZURE_CLIENT_SECRET|AZURE_CLIENT_CERTIFICATE_(PATH|PASSWORD)|SYSTEM_ACCESSTOKEN|ACTIONS_ID_TOKEN_REQUEST_TOKEN|CLOUDFLARE_API_TOKEN|GITHUB_TOKEN)$/i;

/**
 * Pure: what Helm's process gets. Plugins that log in to a cluster need the rest of the environment, too.
 * @param withLogin whether there is such a plugin.
 */
export const helmEnvironment = (
  variables: Readonly<Record<string, string | undefined>>,
  folder: string,
  kubeconfig: string,
  withLogin: boolean,
): Record<string, string> => {
  const kept = Object.entries(variables).flatMap(([name, value]): [string, string][] =>
    value === undefined || ofOthers.test(name) || (!withLogin && credentials.test(name))
      ? []
      : [[name, value]],
  );
  return {
    ...Object.fromEntries(kept),
    HELM_CONFIG_HOME: join(folder, "config"),
    HELM_CACHE_HOME: join(folder, "cache"),
    HELM_DATA_HOME: join(folder, "data"),
    KUBECACHEDIR: join(folder, "kube"),
    KUBECONFIG: kubeconfig,
  };
};
