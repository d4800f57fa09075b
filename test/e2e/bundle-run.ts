/** A shipped bundle as a CI host starts it: in an environment of its own, with a log that a test can wait for. */
import { join } from "node:path";
import { execa } from "execa";
import { root } from "./command.ts";

export interface BundleRun {
  /** Resolves as soon as the log holds this; rejects where the bundle ends without it. */
  until(text: string): Promise<void>;
  readonly pid: number;
  /** `raw`: the log as it was written, commands and all. */
  readonly ended: Promise<{ readonly exitCode: number | undefined; readonly raw: string }>;
}

export const startBundle = (
  bundle: string,
  { cwd, env }: { readonly cwd: string; readonly env: Readonly<Record<string, string>> },
): BundleRun => {
  const running = execa(process.execPath, [join(root, "dist", bundle)], {
    cwd,
    extendEnv: false,
    reject: false,
    all: true,
    env: {
      PATH: process.env.PATH ?? "",
      PROVISION_SANDBOX_PACE: "instant",
      NO_COLOR: "1",
      ...env,
    },
  });
  let raw = "";
  const waiting: { readonly text: string; readonly found: () => void }[] = [];
  running.all?.setEncoding("utf8").on("data", (part: string) => {
    raw += part;
    for (const { text, found } of waiting) if (raw.includes(text)) found();
  });
  const end = async () => {
    const { exitCode } = await running;
    return { exitCode, raw };
  };
  const ended = end();
  return {
    pid: running.pid ?? -1,
    ended,
    until: (text) =>
      new Promise((resolve, reject) => {
        if (raw.includes(text)) resolve();
        waiting.push({ text, found: resolve });
        ended.then(() => reject(new Error(`${bundle} ended without \`${text}\`: ${raw}`)), reject);
      }),
  };
};

/** The log with `***` for each text that the host was told to mask. */
export const maskedBy = (log: string, masks: readonly string[]): string =>
  masks.reduce((text, mask) => text.replaceAll(mask, "***"), log);
