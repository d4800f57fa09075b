/**
 * The files through which a step hands results to the runner: outputs for later steps, Markdown for the run's page.
 * Format: actions/toolkit, packages/core/src/file-command.ts.
 */
import { appendFile, stat } from "node:fs/promises";
import { cutMarkdown } from "../../reporters/cut-markdown.ts";

/** Bytes; the runner drops a larger summary whole (1 MiB). Below it for what stands around a cut. */
const summaryRoom = 1024 * 1024 - 1024;
/** Less than this is no room for a word. */
const leastRoom = 1024;

/** Any name and text, of one line or many: the delimiter can't be guessed, so no text can end the value. */
export const outputEntry = (name: string, value: string, random: () => string): string => {
  let delimiter = random();
  while (value.includes(delimiter) || name.includes(delimiter)) delimiter = random();
  return `${name}<<${delimiter}\n${value}\n${delimiter}\n`;
};

/** Without a file (a runner that has none) results stay in the log. */
export const appendOutput = async (
  file: string | undefined,
  name: string,
  value: string,
  random: () => string,
): Promise<void> => {
  if (file) await appendFile(file, outputEntry(name, value, random));
};

/** Appends, cut such that the whole file stays below the runner's limit, whoever else of this step wrote to it. */
export const appendSummary = async (file: string | undefined, markdown: string): Promise<void> => {
  if (!file) return;
  const size = await stat(file).then(
    (found) => found.size,
    () => 0,
  );
  const room = summaryRoom - size - 1;
  if (room >= leastRoom) await appendFile(file, `${cutMarkdown(markdown, room)}\n`);
};
