/**
 * Ends Helm when this process is killed by something that it can't answer, as `kill -9` or the kernel out of memory:
 * Helm would go on for minutes in its own process group, into the next run's work, and its kubeconfig would stay.
 */
import { type ChildProcess, spawn } from "node:child_process";

/** Its input ends when we do. Only then, or when we end it, does the shell go on. */
const script = 'read -r line; kill -s KILL -- "-$1"; rm -rf -- "$2"';

/**
 * Watches over the process group and the folder until it is disposed of. Where there is no POSIX shell (on Windows,
 * say), nothing is watched.
 */
export const watch = (group: number | undefined, folder: string): AsyncDisposable => {
  if (group === undefined || process.platform === "win32") return { [Symbol.asyncDispose]: async () => {} };
  // In a session of its own: what ends our process group must not end it, too.
  const shell = spawn("/bin/sh", ["-c", script, "watchdog", String(group), folder], {
    detached: true,
    env: { PATH: process.env.PATH ?? "/usr/bin:/bin" },
    stdio: ["pipe", "ignore", "ignore"],
  });
  const gone = ended(shell);
  shell.stdin.on("error", () => {});
  return {
    [Symbol.asyncDispose]: async () => {
      shell.kill("SIGKILL");
      await gone;
    },
  };
};

const ended = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    child.once("exit", () => resolve());
    child.once("error", () => resolve());
  });
