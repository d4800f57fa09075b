/** What git knows of the checkout that is released: its commit, when that was made, and whether anything else lies there. */
import { git } from "./git.ts";

export interface Source {
  /** 40 hex digits. */
  readonly commit: string;
  /** Seconds since 1970 at which the commit was made. */
  readonly seconds: number;
  /** What is not as the commit has it, or is not in it, as `git status` lists it. */
  readonly changed: readonly string[];
  readonly tags: readonly string[];
}

const lines = (text: string): readonly string[] => text.split("\n").filter((line) => line !== "");

/** @throws where the folder is no git repository, or one without a commit. */
export const readSource = async (root: string): Promise<Source> => ({
  commit: await git(root, ["rev-parse", "HEAD"]),
  seconds: Number(await git(root, ["show", "--no-patch", "--format=%ct", "HEAD"])),
  changed: lines(await git(root, ["status", "--porcelain"])),
  tags: lines(await git(root, ["tag", "--list"])),
});
