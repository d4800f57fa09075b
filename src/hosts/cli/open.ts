/** From the words of a command to an opened session: options, sandbox, world, reporter. */

import { resolve } from "node:path";
import type { Machine } from "../../application/machine.ts";
import { openSession, positiveInteger, type Session } from "../../application/session.ts";
import { registry } from "../../registry/registry.ts";
import { createJsonReporter } from "../../reporters/json-lines.ts";
import { createLiveReporter } from "../../reporters/live.ts";
import { createPlainReporter } from "../../reporters/plain.ts";
import type { Reporter } from "../../reporters/reporter.ts";
import { createStyle, type Style } from "../../reporters/style.ts";
import { usageFailure } from "./arguments.ts";
import type { Invocation } from "./command.ts";
import { attachSandbox } from "./sandbox.ts";
import { version } from "./version.ts";

export interface Opened extends Session {
  readonly reporter: Reporter;
  readonly style: Style;
  readonly file: string;
}

export interface OpenRequest {
  readonly file: string;
  /** `name=value`, beside those of `--input`. */
  readonly inputs?: readonly string[];
  readonly offline?: boolean;
  readonly lenientSecrets?: boolean;
}

/** Milliseconds between two looks at a running operation, where the service says nothing. */
const pollInterval = { cloud: 3_000, sandbox: 100 };

export const open = async (invocation: Invocation, request: OpenRequest): Promise<Opened> => {
  const { given, signals } = invocation;
  const sandbox = given.flag("sandbox");
  if (given.text("kubeconfig") !== undefined && !sandbox) {
    throw usageFailure(
      "--kubeconfig goes with --sandbox",
      "for a cluster that is already there use the step `kubernetes/existing-cluster`",
    );
  }
  const machine: Machine = sandbox ? await attachSandbox(invocation) : invocation.machine;
  const { variables } = machine;
  const style = styleOf(invocation);
  const reporter = reporterOf(invocation, style);
  signals.onStopping(() =>
    reporter.event({ kind: "cancelling", running: [], version: 1, at: machine.clock.now() }),
  );
  const session = await openSession(machine, registry, {
    file: request.file,
    inputs: [...(request.inputs ?? []), ...given.list("input")],
    inputsFile: given.text("inputs"),
    trustLocalSteps: given.flag("trust-local-steps") || !isForkPullRequest(variables),
    offline: request.offline ?? false,
    lenientSecrets: request.lenientSecrets ?? false,
    toolVersion: version,
    world: {
      // A variable that is set to nothing counts as not set.
      subscription: given.text("subscription") || variables.AZURE_SUBSCRIPTION_ID || undefined,
      azureEndpoint: given.text("azure-endpoint") ?? variables.PROVISION_AZURE_ENDPOINT,
      chartMirror:
        given.text("charts") ??
        variables.PROVISION_CHARTS ??
        (sandbox ? await mirrorBeside(machine) : undefined),
      sandbox,
      pollInterval: sandbox
        ? pollInterval.sandbox
        : positiveInteger(variables.PROVISION_POLL_INTERVAL, pollInterval.cloud, "PROVISION_POLL_INTERVAL"),
      concurrency: positiveInteger(given.text("concurrency"), 10, "--concurrency"),
      signal: signals.signal,
      stopping: signals.stopping,
      emit: (event) => reporter.event(event),
    },
  });
  return { ...session, reporter, style, file: request.file };
};

/** What `npm run charts` prepared in this folder: in the sandbox it is taken without being named. */
const mirrorBeside = async ({ directory, size }: Machine): Promise<string | undefined> => {
  const folder = resolve(directory, ".charts");
  return size(resolve(folder, "index.yaml")).then(
    () => folder,
    () => undefined,
  );
};

export const styleOf = ({ terminal, machine }: Invocation): Style =>
  createStyle({
    color: terminal.color,
    columns: terminal.out.columns,
    unicode: /UTF-?8/i.test(
      machine.variables.LC_ALL ?? machine.variables.LC_CTYPE ?? machine.variables.LANG ?? "UTF-8",
    ),
  });

const reporterOf = (invocation: Invocation, style: Style): Reporter => {
  const { given, terminal, machine } = invocation;
  if (given.flag("json")) return createJsonReporter(terminal.out);
  if (terminal.err.terminal) return createLiveReporter(terminal.err, style, machine.clock);
  return createPlainReporter(terminal.err, style);
};

/** https://docs.github.com/actions/reference/workflows-and-actions/variables and Azure Pipelines' predefined variables. */
const isForkPullRequest = (variables: Readonly<Record<string, string | undefined>>): boolean =>
  variables.SYSTEM_PULLREQUEST_ISFORK?.toLowerCase() === "true" || variables.PROVISION_FORK === "true";
