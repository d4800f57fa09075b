/** Runs git in the checkout, with words of its own language and no more of its user's settings than it must. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";

export interface Given {
  /** Joins this process's environment. */
  readonly environment?: Readonly<Record<string, string>>;
  /** For standard input, a line each. */
  readonly lines?: readonly string[];
}

/** What it printed, without the newline at its end. @throws where it fails; it has said why on standard error. */
export const git = async (
  root: string,
  words: readonly string[],
  { environment = {}, lines = [] }: Given = {},
): Promise<string> => {
  // What would change the bytes of a commit, or the form of a path.
  const settings = ["-c", "i18n.commitEncoding=UTF-8", "-c", "core.quotePath=false"];
  const child = spawn("git", [...settings, ...words], {
    cwd: root,
    env: { ...process.env, LC_ALL: "C", ...environment },
    stdio: ["pipe", "pipe", "inherit"],
  });
  // A git that ends before it has read all, or anything, says by its exit code whether that was right.
  child.stdin.on("error", () => {}).end(lines.map((line) => `${line}\n`).join(""));
  const [output, [code]] = await Promise.all([text(child.stdout), once(child, "close")]);
  if (code !== 0) throw new Error(`git ${words.join(" ")} ended with ${code}`);
  return output.replace(/\n$/, "");
};
