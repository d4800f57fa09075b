/** Asking before anything is changed. Without a person at a terminal, `--yes` must say so beforehand. */
import { Failure } from "../../step/failure.ts";
import type { Invocation } from "./command.ts";

/** Throws where nobody could be asked and `--yes` is missing: before any work is done. */
export const needsYes = ({ given, terminal }: Invocation): void => {
  if (given.flag("yes") || (terminal.confirm && !given.flag("json"))) return;
  throw new Failure({
    kind: "rejected",
    code: "P0444",
    message: "there is no terminal to ask on",
    hint: "pass `--yes` to go ahead without a question, or look first with `provision plan`",
  });
};

export const confirmed = async ({ given, terminal }: Invocation, question: string): Promise<boolean> =>
  given.flag("yes") || (await (terminal.confirm?.(question) ?? false));
