/** `provision sandbox start|stop|status|reset`: the cloud of one's own on this machine. */
import { duration } from "../../../reporters/style.ts";
import { exitCodes } from "../../exit-codes.ts";
import { sandboxFolder, startSandbox } from "../../sandbox.ts";
import { usageFailure } from "../../usage.ts";
import type { Command, Invocation } from "../command.ts";
import { styleOf } from "../open.ts";
import { jsonOption } from "../options.ts";

export const sandbox: Command = {
  name: "sandbox",
  summary: "Start, stop, look at or wipe the cloud of your own that `--sandbox` uses.",
  usage: "sandbox start|stop|status|reset",
  options: [
    {
      name: "pace",
      kind: "text",
      value: "PACE",
      help: "With `start`: `demo` (operations take seconds) or `instant`. Default: demo.",
    },
    {
      name: "kubeconfig",
      kind: "text",
      value: "FILE",
      help: "With `start`: a real cluster in the place of the sandbox's own.",
    },
    {
      name: "env",
      kind: "flag",
      help: "With `status`: print the variables for a shell. They hold the sandbox's credentials.",
    },
    jsonOption,
  ],
  positionals: { least: 1, most: 1 },
  examples: [
    { command: "provision sandbox start", what: "it also starts by itself with `--sandbox`" },
    { command: "provision sandbox reset", what: "an empty cloud again" },
  ],
  run: async (invocation) => {
    const { given, machine, terminal } = invocation;
    const folder = sandboxFolder(machine);
    const { reset, status, stop } = await import("../../../sandbox/process.ts");
    const [verb] = given.positionals;
    switch (verb) {
      case "start":
        await startSandbox(machine, {
          entry: invocation.sandboxEntry,
          pace: given.text("pace"),
          kubeconfig: given.text("kubeconfig"),
        });
        return show(invocation, folder);
      case "stop":
        terminal.out.write(
          (await stop(folder)) ? "Stopped. Its cloud stays on disk.\n" : "The sandbox was not running.\n",
        );
        return exitCodes.done;
      case "status":
        if (given.flag("env")) {
          const running = await status(folder);
          for (const [name, value] of Object.entries(running?.environment() ?? {}))
            terminal.out.write(`export ${name}='${value}'\n`);
          return running ? exitCodes.done : exitCodes.failed;
        }
        return show(invocation, folder);
      case "reset":
        await reset(folder);
        terminal.out.write("Wiped. The next `--sandbox` begins with an empty cloud.\n");
        return exitCodes.done;
      default:
        throw usageFailure(
          `there is no \`provision sandbox ${verb ?? ""}\``,
          "it is one of start, stop, status, reset",
        );
    }
  },
};

const show = async (invocation: Invocation, folder: string) => {
  const { terminal, given, machine } = invocation;
  const { status } = await import("../../../sandbox/process.ts");
  const style = styleOf(invocation);
  const running = await status(folder);
  if (given.flag("json")) {
    const facts = running && { url: running.url, pid: running.pid, started: running.started };
    terminal.out.write(`${JSON.stringify({ running: running !== undefined, folder, ...facts })}\n`);
  } else if (running) {
    const age = duration(machine.clock.now() - running.started);
    terminal.out.write(
      `${style.success("running")} at ${running.url} since ${age}, process ${running.pid}\n${style.faint(folder)}\n`,
    );
  } else terminal.out.write(`not running\n${style.faint(folder)}\n`);
  return exitCodes.done;
};
