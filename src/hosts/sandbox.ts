/** `--sandbox`: starts the sandbox when needed, and turns this process towards it. */
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import type { Machine } from "../application/machine.ts";
import type { RunningSandbox } from "../sandbox/process.ts";
import { Failure } from "../step/failure.ts";
import { usageFailure } from "./usage.ts";

/** `PROVISION_SANDBOX`, else the user's own state folder: one cloud for all pipelines of a person. */
export const sandboxFolder = ({ variables }: Pick<Machine, "variables">): string =>
  variables.PROVISION_SANDBOX ||
  join(variables.XDG_STATE_HOME || join(homedir(), ".local", "state"), "provision", "sandbox");

/** How long the sandbox's operations take: as in a demonstration, or no time at all. */
export const paceOf = (text: string | undefined): "instant" | "demo" => {
  if (text === undefined || text === "demo") return "demo";
  if (text === "instant") return "instant";
  throw usageFailure(`there is no pace \`${text}\``, "it is `demo` or `instant`");
};

export interface SandboxOptions {
  /** The sandbox's own program: a bundle beside the host's, or its source in the checkout. */
  readonly entry: string;
  /** `instant` or `demo`; PROVISION_SANDBOX_PACE where nothing is said. */
  readonly pace?: string | undefined;
  /** A real cluster in the place of the sandbox's own. */
  readonly kubeconfig?: string | undefined;
}

export const startSandbox = async (
  machine: Machine,
  { entry, pace, kubeconfig }: SandboxOptions,
): Promise<RunningSandbox> => {
  const { start } = await import("../sandbox/process.ts");
  return start(sandboxFolder(machine), {
    entry,
    pace: paceOf(pace ?? (machine.variables.PROVISION_SANDBOX_PACE || undefined)),
    ...(kubeconfig === undefined ? {} : { kubeconfig: resolve(machine.directory, kubeconfig) }),
  });
};

export interface AttachedSandbox {
  readonly machine: Machine;
  /** True where it was not running before. */
  readonly fresh: boolean;
}

/**
 * The machine with the sandbox's variables in place of the person's own: no real credential is even read. The
 * authority is trusted by this process alone; Node reads NODE_EXTRA_CA_CERTS only when it starts.
 */
export const attachSandbox = async (machine: Machine, options: SandboxOptions): Promise<AttachedSandbox> => {
  const running = await startSandbox(machine, options);
  // Loaded only here: it would cost every other command its time to start.
  const tls = await import("node:tls");
  if (typeof tls.setDefaultCACertificates !== "function") {
    throw new Failure({
      kind: "missing-tool",
      code: "P0448",
      message: `the sandbox needs Node 22.19 or later; this is ${process.versions.node}`,
      hint: "everything but `--sandbox` works on this Node",
    });
  }
  tls.setDefaultCACertificates([...tls.getCACertificates("default"), running.authority]);
  return {
    fresh: machine.clock.now() - running.started < 60_000,
    machine: {
      ...machine,
      variables: {
        ...machine.variables,
        ...running.environment(),
        ...jobLogin(machine, running.url),
        PROVISION_CA_FILE: running.authorityFile,
        PROVISION_SANDBOX: sandboxFolder(machine),
      },
    },
  };
};

/** A CI job whose identity tokens come from this very sandbox logs in as what it names, and needs no secret of it. */
const jobLogin = ({ variables }: Machine, url: string): Record<string, string> => {
  const { AZURE_CLIENT_ID: client, ACTIONS_ID_TOKEN_REQUEST_URL, SYSTEM_OIDCREQUESTURI } = variables;
  const issuer = ACTIONS_ID_TOKEN_REQUEST_URL ?? SYSTEM_OIDCREQUESTURI;
  if (!client || !issuer?.startsWith(`${url}/`)) return {};
  return { AZURE_CLIENT_ID: client, AZURE_CLIENT_SECRET: "" };
};
