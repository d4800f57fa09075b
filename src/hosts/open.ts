/** From what a host was asked for to an opened session: sandbox, world, defaults. The same for every host. */
import { resolve } from "node:path";
import type { Machine } from "../application/machine.ts";
import { openSession, positiveInteger, type Session } from "../application/session.ts";
import { registry } from "../registry/registry.ts";
import type { TimedEvent } from "../run/event.ts";
import { attachSandbox } from "./sandbox.ts";
import type { Signals } from "./signals.ts";
import { version } from "./version.ts";

/** What a person or a job says of a run, in whatever dialect. */
export interface HostRequest {
  readonly file: string;
  /** `name=value`, later ones winning over earlier ones, over `inputsText` and over `inputsFile`. */
  readonly inputs: readonly string[];
  readonly inputsFile?: string | undefined;
  /** A YAML map of inputs, over those of the file. */
  readonly inputsText?: string | undefined;
  readonly offline: boolean;
  /** Secrets that can't be had stay unknown: to destroy needs none. */
  readonly lenientSecrets: boolean;
  readonly trustLocalSteps: boolean;
  readonly sandbox: boolean;
  /** With `sandbox`: a real cluster in the place of its own. */
  readonly kubeconfig?: string | undefined;
  readonly subscription?: string | undefined;
  readonly azureEndpoint?: string | undefined;
  readonly charts?: string | undefined;
  readonly concurrency?: string | undefined;
}

export interface HostSurroundings {
  readonly machine: Machine;
  readonly signals: Signals;
  /** The sandbox's own program. */
  readonly sandboxEntry: string;
  readonly emit: (event: TimedEvent) => void;
  /** Told when a sandbox was started for this run. */
  readonly sandboxStarted?: (() => void) | undefined;
}

/** Milliseconds between two looks at a running operation, where the service says nothing. */
const pollInterval = { cloud: 3_000, sandbox: 100 };

/** A session, and the machine that it runs on: the sandbox's variables stand in for the person's where it is asked for. */
export const openOnHost = async (
  around: HostSurroundings,
  request: HostRequest,
): Promise<Session & { readonly machine: Machine }> => {
  const { sandbox } = request;
  const machine = sandbox ? await inSandbox(around, request) : around.machine;
  const { variables } = machine;
  const session = await openSession(machine, registry, {
    file: request.file,
    inputs: request.inputs,
    inputsFile: request.inputsFile,
    inputsText: request.inputsText,
    trustLocalSteps: request.trustLocalSteps,
    offline: request.offline,
    lenientSecrets: request.lenientSecrets,
    toolVersion: version,
    // A variable that is set to nothing counts as not set.
    world: {
      subscription: request.subscription || variables.AZURE_SUBSCRIPTION_ID || undefined,
      azureEndpoint: request.azureEndpoint || variables.PROVISION_AZURE_ENDPOINT || undefined,
      chartMirror:
        request.charts ||
        variables.PROVISION_CHARTS ||
        (sandbox ? await mirrorBeside(around.machine) : undefined),
      sandbox,
      pollInterval: sandbox
        ? pollInterval.sandbox
        : positiveInteger(
            variables.PROVISION_POLL_INTERVAL || undefined,
            pollInterval.cloud,
            "PROVISION_POLL_INTERVAL",
          ),
      concurrency: positiveInteger(request.concurrency, 10, "--concurrency"),
      signal: around.signals.signal,
      stopping: around.signals.stopping,
      emit: around.emit,
    },
  });
  return { ...session, machine };
};

const inSandbox = async (
  { machine, sandboxEntry, sandboxStarted }: HostSurroundings,
  { kubeconfig }: HostRequest,
): Promise<Machine> => {
  const attached = await attachSandbox(machine, { entry: sandboxEntry, kubeconfig });
  if (attached.fresh) sandboxStarted?.();
  return attached.machine;
};

/** What `npm run charts` prepared in this folder: in the sandbox it is taken without being named. */
const mirrorBeside = async ({ directory, size }: Machine): Promise<string | undefined> => {
  const folder = resolve(directory, ".charts");
  return size(resolve(folder, "index.yaml")).then(
    () => folder,
    () => undefined,
  );
};
