/** The command line's entry: the real process around `run`. */
import { dirname, resolve } from "node:path";
import { createInterface } from "node:readline/promises";
import { fileURLToPath } from "node:url";
import { realMachine } from "../machine.ts";
import { listenForSignals } from "../signals.ts";
import { run } from "./run.ts";
import { wantsColor } from "./terminal.ts";

const sinkOf = (stream: NodeJS.WriteStream) => ({
  write: (text: string) => {
    stream.write(text);
  },
  get columns() {
    return stream.columns ?? 80;
  },
  terminal: stream.isTTY === true,
});

const here = dirname(fileURLToPath(import.meta.url));
const bundled = here.endsWith("dist");
const interactive = process.stdin.isTTY === true && process.stdout.isTTY === true;

const confirm = async (question: string): Promise<boolean> => {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    const answer = await terminal.question(`${question} [y/N] `);
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    terminal.close();
  }
};

/** A reader that goes away (`provision plan | head`) is no failure. */
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});

const code = await run(process.argv.slice(2), {
  machine: realMachine(process.env, process.cwd(), [
    process.execPath,
    resolve(here, bundled ? "provision.js" : "main.ts"),
  ]),
  terminal: {
    out: sinkOf(process.stdout),
    err: sinkOf(process.stderr),
    color: wantsColor(process.env, process.stdout.isTTY === true),
    confirm: interactive ? confirm : undefined,
  },
  sandboxEntry: resolve(here, bundled ? "sandbox.js" : "../../sandbox/main.ts"),
  signals: listenForSignals(),
});

// Connections that are kept alive would keep the process, too; what was written goes out first.
const flushed = (stream: NodeJS.WriteStream) => new Promise<void>((done) => stream.write("", () => done()));
await Promise.all([flushed(process.stdout), flushed(process.stderr)]);
process.exit(code);
