/**
 * A run that is killed with all that it started: as `kill -9` of a job on a CI host does it, Helm in its process group
 * of its own included. What a run started is known by a variable that it hands on.
 */
import { readdir, readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import type { Begun, Ended, TestCommand } from "../../e2e/command.ts";
import type { Write } from "../audit.ts";
import type { Testbed } from "../testbed.ts";

const markOf = (run: string): string => `TEST_RUN=${run}`;

/** Ids of the processes that have the variable. */
const processesOf = async (run: string): Promise<readonly number[]> => {
  const ids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const marked = await Promise.all(
    ids.map(async (id) => {
      const variables = await readFile(`/proc/${id}/environ`, "latin1").catch(() => "");
      return variables.split("\0").includes(markOf(run)) ? [Number(id)] : [];
    }),
  );
  return marked.flat();
};

const kill = (id: number): void => {
  try {
    process.kill(id, "SIGKILL");
  } catch (error) {
    // It ended before.
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
};

/**
 * `all`: with what it started, as a CI host ends a job. `alone`: as the kernel does it that is out of memory; what it
 * started must end by itself.
 */
export type Victims = "all" | "alone";

/** SIGKILL to the run first, so that it starts nothing more. Returns when nothing of it is left. */
const killRun = async (run: string, { pid }: Begun, victims: Victims): Promise<void> => {
  kill(pid);
  for (;;) {
    const left = (await processesOf(run)).filter((id) => id !== pid);
    if (left.length === 0) return;
    if (victims === "all") for (const id of left) kill(id);
    else await sleep(5);
  }
};

/** What the runs of the command write and the API server keeps; by the kubeconfig of the testbed. */
export const isOurs = ({ user, dryRun, code }: Write): boolean =>
  user === "testbed-admin" && !dryRun && code < 300;

export interface KilledRun extends Ended {
  /** Writes that got through, in their order; the last may have had no reader for its answer. */
  readonly writes: readonly Write[];
}

/** One that is repeated, while a definition is not established yet say, counts once: so a run always has as many. */
const titleOf = ({ verb, resource, namespace, name }: Write): string =>
  `${verb} ${resource} ${namespace ?? ""}/${name ?? ""}`;

export const distinct = (writes: readonly Write[]): number => new Set(writes.map(titleOf)).size;

/** What half a minute would do: the Lease of the dead run goes stale. One test of the kills waits for it. */
export const freeLease = async ({ kubectl, kubeconfig, directory }: Testbed): Promise<void> => {
  const patch = '--patch={"spec":{"holderIdentity":""}}';
  await execa(kubectl, ["patch", "lease/provision", "--namespace=kube-system", "--type=merge", patch], {
    env: { KUBECONFIG: kubeconfig, HOME: directory },
  });
};

/** Whether the run has written enough to be killed. */
export type Enough = (writes: readonly Write[]) => boolean;

export const reaches =
  (point: number): Enough =>
  (writes) =>
    distinct(writes) >= point;

/**
 * Runs `provision WORDS` and kills it as soon as what the API server's audit log has of its writes is enough; a run
 * that never gets there ends by itself, with its exit code.
 */
export const runUntil = async (
  { command, testbed }: { readonly command: TestCommand; readonly testbed: Testbed },
  words: readonly string[],
  variables: Readonly<Record<string, string>>,
  enough: Enough,
  victims: Victims = "all",
): Promise<KilledRun> => {
  const run = `${process.pid}-${performance.now()}`;
  const writes: Write[] = [];
  let killing: Promise<void> | undefined;
  let begun: Begun | undefined;
  const watching = await testbed.watchWrites((write) => {
    if (!isOurs(write)) return;
    writes.push(write);
    if (begun && enough(writes)) killing ??= killRun(run, begun, victims);
  });
  begun = command.begin(words, { ...variables, TEST_RUN: run });
  const ended = await begun.ended;
  await killing;
  await watching[Symbol.asyncDispose]();
  return { ...ended, writes };
};

/** `count` whole numbers from 1 to `last`, spread evenly. */
export const spread = (count: number, last: number): readonly number[] =>
  Array.from({ length: count }, (_, index) => Math.round(1 + (index * (last - 1)) / (count - 1)));
