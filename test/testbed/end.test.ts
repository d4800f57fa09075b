/** A testbed leaves nothing behind, whatever way it ends. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { access, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { status } from "./standing.ts";
import { startTestbed } from "./testbed.ts";

/** Ids of the processes that a process has started and that still run. */
const childrenOf = async (pid: number): Promise<readonly number[]> =>
  (await readFile(`/proc/${pid}/task/${pid}/children`, "utf8")).split(" ").filter(Boolean).map(Number);

/** Those of the processes that still run; a killed one whose parent has not asked after it does not. */
const running = async (pids: readonly number[]): Promise<readonly number[]> => {
  const states = await Promise.all(
    pids.map((pid) => readFile(`/proc/${pid}/stat`, "utf8").catch(() => `${pid} () Z`)),
  );
  return pids.filter((_, index) => !states[index]?.includes(") Z"));
};

test("After stop() no process runs and no file is left", async () => {
  const testbed = await startTestbed({ variables: process.env, nodes: 1 });
  const pids = testbed.processes.map(({ pid }) => pid);
  expect(await running(pids)).toHaveLength(5);
  await testbed.stop();
  expect(await running(pids)).toEqual([]);
  await expect(access(testbed.directory)).rejects.toThrow("ENOENT");
});

test("After kill -9 of the process that holds it, no other process runs", async () => {
  const directory = await mkdtemp(join(tmpdir(), "provision-testbed-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const holder = spawn(
    process.execPath,
    [join(import.meta.dirname, "serve.ts"), directory, join(directory, "sandbox")],
    {
      stdio: "ignore",
    },
  );
  const ended = once(holder, "exit");
  onTestFinished(() => {
    holder.kill("SIGKILL");
  });
  await expect.poll(() => status(directory), { timeout: 120_000 }).toBeDefined();
  const pids = await childrenOf(holder.pid ?? 0);
  // The five of the cluster, the nameserver, the ACME server and the git host.
  expect(pids).toHaveLength(8);

  holder.kill("SIGKILL");
  await ended;
  await expect.poll(() => running(pids), { timeout: 30_000 }).toEqual([]);
  // What is left of the folder is not taken for a testbed that runs.
  expect(await status(directory)).toBeUndefined();
});
