/** What a job says before all else is loaded: what it is about to do, or that it was asked for wrongly. */
import { type Annotation, withHint } from "../../reporters/log-dialect.ts";
import { printable } from "../../reporters/style.ts";
import type { Failure } from "../../step/failure.ts";
import { version } from "../version.ts";
import type { JobRequest } from "./host.ts";

export const firstLine = ({
  command,
  pipeline,
  inputsFile,
}: Pick<JobRequest, "command" | "pipeline" | "inputsFile">): string =>
  printable(
    `provision ${version}: ${command} ${pipeline}${inputsFile === undefined ? "" : ` with ${inputsFile}`}`,
  );

/** `own`: the host's hint, where it has one. */
export const refusal = ({ code, message, hint }: Failure, own?: string): Annotation => ({
  severity: "error",
  title: code,
  message: withHint(message, own ?? hint),
});
