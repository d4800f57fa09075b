/** Runs one command line: finds the command, reads its words, and turns whatever goes wrong into text and a code. */
import { InvalidPipeline } from "../../application/session.ts";
import { nearest } from "../../language/suggest.ts";
import { renderDiagnostics } from "../../reporters/diagnostics.ts";
import { renderFailure } from "../../reporters/failure.ts";
import type { Style } from "../../reporters/style.ts";
import { asFailure } from "../../run/persevere.ts";
import { report } from "../../run/report.ts";
import { codeOfFailure, type ExitCode, exitCodes } from "../exit-codes.ts";
import { usageFailure } from "../usage.ts";
import { version } from "../version.ts";
import { parseArguments } from "./arguments.ts";
import type { Command, Invocation } from "./command.ts";
import { commands } from "./commands/table.ts";
import { commandHelp, overview } from "./help.ts";
import { styleOf } from "./open.ts";

type Surroundings = Omit<Invocation, "given">;

const noWords = { positionals: [], flag: () => false, text: () => undefined, list: () => [] };

export const run = async (words: readonly string[], around: Surroundings): Promise<ExitCode> => {
  const { terminal, signals } = around;
  const json = words.includes("--json");
  try {
    const [name, ...rest] = words;
    if (name === "--version" || name === "version") {
      terminal.out.write(`provision ${version} on Node ${process.versions.node}\n`);
      return exitCodes.done;
    }
    if (name === undefined || name === "--help" || name === "-h" || name === "help") {
      const all = await Promise.all(Object.values(commands).map((load) => load()));
      const asked = all.find((command) => command.name === rest[0]);
      terminal.out.write(asked ? commandHelp(asked) : overview(all, version));
      return exitCodes.done;
    }
    const command = await commandNamed(name);
    const given = parseArguments(command, rest);
    if (given.flag("help")) {
      terminal.out.write(commandHelp(command));
      return exitCodes.done;
    }
    return await command.run({ ...around, given });
  } catch (error) {
    const style = styleOf({ ...around, given: noWords });
    if (error instanceof InvalidPipeline) return invalid(error, json, around, style);
    const failure = asFailure(error, signals.signal);
    if (json) terminal.out.write(`${JSON.stringify({ kind: "failed", failure: report(failure) })}\n`);
    else terminal.err.write(renderFailure(report(failure), style));
    if (failure.kind === "unexpected" && around.machine.variables.PROVISION_DEBUG) {
      terminal.err.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    }
    return codeOfFailure(failure);
  }
};

const commandNamed = async (name: string): Promise<Command> => {
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (load) return load();
  const near = nearest(name, Object.keys(commands));
  throw usageFailure(
    `there is no command \`${name}\``,
    near ? `did you mean \`provision ${near}\`?` : "`provision --help` lists them",
  );
};

const invalid = (
  error: InvalidPipeline,
  json: boolean,
  { terminal }: Surroundings,
  style: Style,
): ExitCode => {
  if (json) terminal.out.write(`${JSON.stringify({ kind: "invalid", diagnostics: error.diagnostics })}\n`);
  else terminal.err.write(renderDiagnostics(error.diagnostics, () => error.text, style));
  return exitCodes.invalid;
};
