/** A page of docs/ whose samples are run: its blocks, and its commands as a reader types them. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { expect } from "vitest";
import { root } from "./command.ts";

export interface Page {
  readonly text: string;
  /** Contents of the blocks in a language, in their order. */
  blocks(language: string): readonly string[];
}

export const readPage = async (name: string): Promise<Page> => {
  const text = await readFile(join(root, "docs", name), "utf8");
  return {
    text,
    blocks: (language) =>
      [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, "gm"))].map(
        ([, block = ""]) => block,
      ),
  };
};

/** Runs the page's commands one after the other in `folder`, those that write on the sandbox: each has to succeed. */
export const followCommands = async (page: Page, folder: string, sandbox: string): Promise<void> => {
  const lines = page.blocks("sh").flatMap((text) => text.trim().split("\n"));
  expect(lines.length).toBeGreaterThan(3);
  for (const line of lines) {
    expect(line).toMatch(/^provision /);
    const online = / up /.test(line) ? ["--sandbox"] : [];
    const { exitCode, all } = await execa(
      process.execPath,
      [join(root, "dist", "provision.js"), ...line.split(" ").slice(1), ...online],
      { cwd: folder, reject: false, all: true, env: { PROVISION_SANDBOX: sandbox, NO_COLOR: "1" } },
    );
    expect(exitCode, `${line}\n${all}`).toBe(0);
  }
};
