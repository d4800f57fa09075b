/** The command line's entry: the real process around `run`. */
import { wantsColor } from "../color.ts";
import { realMachine } from "../machine.ts";
import { endProcess, programsBeside } from "../programs.ts";
import { listenForSignals } from "../signals.ts";
import { askOn } from "./ask.ts";
import { run } from "./run.ts";

const sinkOf = (stream: NodeJS.WriteStream) => ({
  write: (text: string) => {
    stream.write(text);
  },
  get columns() {
    // A terminal whose size nobody has set says 0.
    return stream.columns || 80;
  },
  terminal: stream.isTTY === true,
});

const { program, sandboxEntry, packageFolder } = programsBeside(import.meta.url);
const interactive = process.stdin.isTTY === true && process.stdout.isTTY === true;

const ask = askOn(process.stdin, process.stdout);
const confirm = async (question: string): Promise<boolean> =>
  /^y(es)?$/i.test((await ask(`${question} [y/N] `)).trim());

/** A reader that goes away (`provision plan | head`) is no failure. */
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});

const code = await run(process.argv.slice(2), {
  machine: realMachine(process.env, process.cwd(), program),
  terminal: {
    out: sinkOf(process.stdout),
    err: sinkOf(process.stderr),
    color: wantsColor(process.env, process.stdout.isTTY === true),
    confirm: interactive ? confirm : undefined,
    ask: interactive ? ask : undefined,
  },
  packageFolder,
  sandboxEntry,
  signals: listenForSignals(),
});

await endProcess(code);
