/** Runs programs and measures them: how long each takes, and the most memory that it held. */
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface Command {
  readonly program: string;
  readonly arguments: readonly string[];
  readonly directory: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export interface Ended {
  readonly exit: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly milliseconds: number;
  /** Milliseconds until it had printed a line to standard output; undefined where it printed none. */
  readonly firstLine: number | undefined;
}

/** Milliseconds after which a command is killed: what takes longer hangs. */
const longest = 180_000;

/** Runs a command to its end, whatever its exit code is. */
export const run = (command: Command): Promise<Ended> => {
  const started = performance.now();
  const child = spawn(command.program, command.arguments, {
    cwd: command.directory,
    env: { ...command.environment },
    stdio: ["ignore", "pipe", "pipe"],
    timeout: longest,
    killSignal: "SIGKILL",
  });
  const output: Buffer[] = [];
  const errors: Buffer[] = [];
  let firstLine: number | undefined;
  child.stdout.on("data", (part: Buffer) => {
    if (part.includes("\n")) firstLine ??= performance.now() - started;
    output.push(part);
  });
  child.stderr.on("data", (part: Buffer) => errors.push(part));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (exit) =>
      resolve({
        exit,
        stdout: Buffer.concat(output).toString(),
        stderr: Buffer.concat(errors).toString(),
        milliseconds: performance.now() - started,
        firstLine,
      }),
    );
  });
};

/** @throws with the command's own words where it ends with another exit code. */
export const runExpecting = async (exit: number, command: Command): Promise<Ended> => {
  const ended = await run(command);
  if (ended.exit === exit) return ended;
  throw new Error(
    `${command.program} ${command.arguments.join(" ")} ended with ${ended.exit}, not ${exit}:\n${ended.stdout}${ended.stderr}`,
  );
};

export const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [below = Number.NaN, above = Number.NaN] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[middle]];
  return (below + above) / 2;
};

/**
 * How many times longer `subject` takes than `yardstick`, by medians of interleaved pairs, so that whatever else
 * the machine does meets both alike. One pair more runs first and is not counted: it warms caches.
 * @param figure which of the subject's times counts: all of it by default
 */
export const ratio = async (
  pairs: number,
  yardstick: Command,
  subject: Command,
  figure: (ended: Ended) => number = ({ milliseconds }) => milliseconds,
): Promise<{ readonly ratio: number; readonly yardstick: number; readonly subject: number }> => {
  const yardstickTimes: number[] = [];
  const subjectTimes: number[] = [];
  for (let pair = 0; pair <= pairs; pair++) {
    const yardstickEnded = await runExpecting(0, yardstick);
    const subjectEnded = await runExpecting(0, subject);
    if (pair === 0) continue;
    yardstickTimes.push(yardstickEnded.milliseconds);
    subjectTimes.push(figure(subjectEnded));
  }
  const [yardstickMedian, subjectMedian] = [median(yardstickTimes), median(subjectTimes)];
  return { ratio: subjectMedian / yardstickMedian, yardstick: yardstickMedian, subject: subjectMedian };
};

const reporter = join(import.meta.dirname, "peak-memory.js");

/** Runs a Node program and says the most memory, in bytes, that its own process held (its children left out). */
export const peakMemory = async (
  command: Command,
): Promise<{ readonly ended: Ended; readonly peak: number }> => {
  const folder = await mkdtemp(join(tmpdir(), "provision-bench-"));
  try {
    const file = join(folder, "peak");
    const ended = await run({
      ...command,
      arguments: ["--import", reporter, ...command.arguments],
      environment: { ...command.environment, PEAK_MEMORY_FILE: file },
    });
    return { ended, peak: Number(await readFile(file, "utf8")) * 1024 };
  } finally {
    await rm(folder, { recursive: true });
  }
};
