/** How `up` and `destroy` end: what was done, what not, the outputs, and the one command that comes next. */
import { renderFailure } from "../../reporters/failure.ts";
import { renderOutputs } from "../../reporters/outputs.ts";
import { report } from "../../run/report.ts";
import type { RunResult } from "../../run/up.ts";
import { codeOfOutcome, type ExitCode } from "../exit-codes.ts";
import type { Invocation } from "./command.ts";
import { commandLine } from "./next.ts";
import type { Opened } from "./open.ts";

export const finish = (
  invocation: Invocation,
  { style, file, request }: Opened,
  result: RunResult,
  { changed }: { readonly changed: boolean },
): ExitCode => {
  const { given, terminal } = invocation;
  const code = codeOfOutcome(result.outcome);
  if (given.flag("json")) return code;
  const { out } = terminal;
  for (const { step, failure } of result.failures)
    out.write(`\n${renderFailure(report(failure), style, step)}`);
  const lines: string[] = [""];
  if (result.outcome === "done") {
    lines.push(
      changed
        ? style.success(`Done: ${result.done.length} steps verified.`)
        : style.success("Nothing to do: everything is as wanted, and verified."),
    );
    if (Object.keys(result.outputs).length > 0)
      lines.push("", renderOutputs(result.outputs, style).trimEnd());
    lines.push("", ...nextSteps(invocation, file, hasCluster(request)));
  } else {
    const cancelled = result.outcome === "cancelled";
    lines.push(
      style.failure(cancelled ? "Cancelled." : "Failed."),
      `  done      ${result.done.join(", ") || "nothing"}`,
      `  not done  ${[...result.failures.map(({ step }) => step), ...result.notDone].join(", ") || "nothing"}`,
      "",
      "Nothing is lost: the same command goes on from here.",
      `Next: ${commandLine(invocation, "up", file)}`,
    );
  }
  out.write(`${lines.join("\n")}\n`);
  return code;
};

const hasCluster = (request: Opened["request"]): boolean =>
  [...request.setting.pipeline.steps.values()].some(({ manifest }) => manifest.output.handle === "cluster");

const nextSteps = (invocation: Invocation, file: string, cluster: boolean): readonly string[] => [
  "Look further:",
  ...(cluster ? [`  ${commandLine(invocation, "kubeconfig", file)}`] : []),
  `  ${commandLine(invocation, "status", file)}`,
  `  ${commandLine(invocation, "graph", file)}`,
  `  ${commandLine(invocation, "destroy", file)}`,
];
