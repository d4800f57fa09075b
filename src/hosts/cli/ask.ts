/** Asks a person at a terminal for one line. */
import { createInterface } from "node:readline/promises";
import { Failure } from "../../step/failure.ts";

/** The answer without its newline. Ctrl-C and Ctrl-D end the command, as anywhere else. */
export const askOn =
  (input: NodeJS.ReadableStream, output: NodeJS.WritableStream) =>
  async (question: string): Promise<string> => {
    // What stands above the last line is not drawn again while a person types.
    const last = question.lastIndexOf("\n") + 1;
    output.write(question.slice(0, last));
    const terminal = createInterface({ input, output });
    const gone = new AbortController();
    terminal.once("close", () => gone.abort());
    try {
      return await terminal.question(question.slice(last), { signal: gone.signal });
    } catch (error) {
      if (!gone.signal.aborted) throw error;
      output.write("\n");
      throw new Failure({
        kind: "cancelled",
        code: "P0520",
        message: "no answer was given",
        hint: "nothing was changed; run the same command again",
      });
    } finally {
      terminal.close();
    }
  };
