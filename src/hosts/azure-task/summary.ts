/** What a task writes for people beside its log: one file of Markdown, which the agent takes when the task has ended. */
import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { loggingCommand } from "../../reporters/azure-pipelines/commands.ts";

export interface Summary {
  /** Parts add up. */
  add(markdown: string): void;
  /** Writes the file, and gives the command that hands it over; undefined where nothing was said. */
  finish(): Promise<string | undefined>;
}

/** `file`: absolute. Its name stands above the summary on the run's page, and it has to outlive the task. */
export const createSummary = (file: string): Summary => {
  const parts: string[] = [];
  return {
    add: (markdown) => {
      parts.push(markdown.trimEnd());
    },
    finish: async () => {
      if (parts.length === 0) return undefined;
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, `${parts.join("\n\n")}\n`);
      return loggingCommand("task", "uploadsummary", {}, file);
    },
  };
};
