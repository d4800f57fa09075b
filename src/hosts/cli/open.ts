/** From the words of a command to an opened session with its reporter. */
import type { Machine } from "../../application/machine.ts";
import type { Session } from "../../application/session.ts";
import { createJsonReporter } from "../../reporters/json-lines.ts";
import { createLiveReporter } from "../../reporters/live.ts";
import { createPlainReporter } from "../../reporters/plain.ts";
import type { Reporter } from "../../reporters/reporter.ts";
import { createStyle, type Style } from "../../reporters/style.ts";
import { isFork } from "../azure-task/agent.ts";
import { openOnHost } from "../open.ts";
import { usageFailure } from "../usage.ts";
import type { Invocation } from "./command.ts";

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

export const open = async (invocation: Invocation, request: OpenRequest): Promise<Opened> => {
  const { given, signals, terminal, machine } = invocation;
  const sandbox = given.flag("sandbox");
  if (given.text("kubeconfig") !== undefined && !sandbox) {
    throw usageFailure(
      "--kubeconfig goes with --sandbox",
      "for a cluster that is already there use the step `kubernetes/existing-cluster`",
    );
  }
  const style = styleOf(invocation);
  const reporter = reporterOf(invocation, style);
  signals.onStopping(() =>
    reporter.event({ kind: "cancelling", running: [], version: 1, at: machine.clock.now() }),
  );
  const session = await openOnHost(
    {
      machine,
      signals,
      sandboxEntry: invocation.sandboxEntry,
      emit: (event) => reporter.event(event),
      sandboxStarted: () => {
        if (terminal.err.terminal)
          terminal.err.write("The sandbox is up: a cloud of your own on 127.0.0.1.\n");
      },
    },
    {
      file: request.file,
      inputs: [...(request.inputs ?? []), ...given.list("input")],
      inputsFile: given.text("inputs"),
      offline: request.offline ?? false,
      lenientSecrets: request.lenientSecrets ?? false,
      trustLocalSteps: given.flag("trust-local-steps") || !(await isForkPullRequest(machine)),
      sandbox,
      kubeconfig: given.text("kubeconfig"),
      subscription: given.text("subscription"),
      azureEndpoint: given.text("azure-endpoint"),
      charts: given.text("charts"),
      concurrency: given.text("concurrency"),
    },
  );
  return { ...session, reporter, style, file: request.file };
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

/** In a job of either CI host that runs the command itself; PROVISION_FORK says so on any other. */
const isForkPullRequest = async ({ variables, readText }: Machine): Promise<boolean> => {
  if (isFork({ variables }) || variables.PROVISION_FORK === "true") return true;
  const { GITHUB_EVENT_NAME: event, GITHUB_EVENT_PATH: path } = variables;
  if (!event) return false;
  const { readChange } = await import("../github-action/event.ts");
  return readChange(event, path ? await readText(path).catch(() => undefined) : undefined).fork;
};
