/** The built command on a sandbox of the test's own: what a person types, what comes of it, and the sandbox's control. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { z } from "zod";
import { control } from "./sandbox-control.ts";

export const root = join(import.meta.dirname, "..", "..");
const program = join(root, "dist", "provision.js");

type Variables = Readonly<Record<string, string>>;

export interface TestCommand extends AsyncDisposable {
  /** A folder of the test's own, gone at its end. */
  readonly folder: string;
  /** Runs `provision WORDS` in the checkout. `said` is both streams. */
  run(words: readonly string[], variables?: Variables): Promise<Ended>;
  /** `provision COMMAND --sandbox --yes --json PIPELINE`, as its events. */
  events(command: "up" | "destroy", words: readonly string[], variables?: Variables): Running;
  /** Starts `provision WORDS` in the checkout, for a test that does not wait for its end. */
  begin(words: readonly string[], variables?: Variables): Begun;
  /** Writes a file into the folder, and gives its path. */
  file(name: string, text: string): Promise<string>;
  control(name: string, body?: unknown): Promise<unknown>;
  /** The sandbox's own Cloudflare token, which every run with `--sandbox` uses. */
  cloudflareToken(): Promise<string>;
}

export interface Ended {
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
  readonly said: string;
}

export interface Begun {
  readonly pid: number;
  /** Where it was killed, without an exit code. */
  readonly ended: Promise<Ended>;
}

const eventSchema = z.looseObject({ kind: z.string(), step: z.string().optional() });
export type Event = z.output<typeof eventSchema>;

export interface Running {
  readonly pid: number;
  /** Resolves at the first event that is so; rejects where the run ends before. */
  until(so: (event: Event) => boolean): Promise<Event>;
  readonly ended: Promise<Ended & { readonly events: readonly Event[] }>;
}

/** Every step's failure in a run's events. */
export const failuresOf = (events: readonly Event[]): readonly unknown[] =>
  events.filter(({ kind }) => kind === "step-failed").map(({ step, failure }) => ({ step, failure }));

/** What a run wrote, by step and action. */
export const written = (events: readonly Event[]): readonly string[] =>
  events
    .filter(({ kind, action }) => kind === "step-done" && !["none", "read", "leave"].includes(String(action)))
    .map(({ step, action }) => `${step} ${String(action)}`);

const settings = z.looseObject({ cloudflareToken: z.string() });

/** Starts the sandbox too, at the pace `instant`. */
export const openCommand = async (name: string): Promise<TestCommand> => {
  const folder = await mkdtemp(join(tmpdir(), `provision-${name}-`));
  const sandbox = join(folder, "sandbox");
  const start = (words: readonly string[], variables: Variables = {}) =>
    execa(process.execPath, [program, ...words], {
      cwd: root,
      reject: false,
      env: {
        PROVISION_SANDBOX: sandbox,
        PROVISION_SANDBOX_PACE: "instant",
        PROVISION_CACHE: join(folder, "cache"),
        NO_COLOR: "1",
        ...variables,
      },
    });
  const begin: TestCommand["begin"] = (words, variables) => {
    const process = start(words, variables);
    const end = async (): Promise<Ended> => {
      const { exitCode, stdout, stderr } = await process;
      return { exitCode, stdout, stderr, said: stdout + stderr };
    };
    return { pid: process.pid ?? -1, ended: end() };
  };
  const run: TestCommand["run"] = (words, variables) => begin(words, variables).ended;
  await run(["sandbox", "start"]);
  return {
    folder,
    run,
    begin,
    events: (command, words, variables) =>
      follow(start([command, "--sandbox", "--yes", "--json", ...words], variables)),
    file: async (file, text) => {
      await writeFile(join(folder, file), text);
      return join(folder, file);
    },
    control: (action, body) => control(sandbox, action, body),
    cloudflareToken: async () =>
      settings.parse(JSON.parse(await readFile(join(sandbox, "settings.json"), "utf8"))).cloudflareToken,
    [Symbol.asyncDispose]: async () => {
      await run(["sandbox", "stop"]);
      await rm(folder, { recursive: true, force: true });
    },
  };
};

/** As much of a process that runs as we follow: its lines of output, and its end. */
type Process = { readonly pid?: number | undefined } & AsyncIterable<unknown> &
  PromiseLike<{
    readonly exitCode?: number | undefined;
    readonly stdout: unknown;
    readonly stderr: unknown;
  }>;

const follow = (process: Process): Running => {
  const events: Event[] = [];
  const waiting: { so: (event: Event) => boolean; found: (event: Event) => void }[] = [];
  const over = (async () => {
    for await (const line of process) {
      const event = eventSchema.parse(JSON.parse(String(line)));
      events.push(event);
      for (const { so, found } of waiting) if (so(event)) found(event);
    }
  })();
  const ended = (async () => {
    await over;
    const { exitCode, stdout, stderr } = await process;
    const [out, err] = [String(stdout), String(stderr)];
    return { exitCode, stdout: out, stderr: err, said: out + err, events };
  })();
  return {
    pid: process.pid ?? -1,
    until: (so) =>
      new Promise((resolve, reject) => {
        const earlier = events.find(so);
        if (earlier) resolve(earlier);
        waiting.push({ so, found: resolve });
        ended.then(
          ({ said }) => reject(new Error(`the run ended without it: ${said}`)),
          (error: unknown) => reject(error),
        );
      }),
    ended,
  };
};
