/** What a CI host is to a job: its log, its places for results, and what it says of the change that is being built. */
import type { Machine } from "../../application/machine.ts";
import type { LogDialect } from "../../reporters/log-dialect.ts";
import type { Failure } from "../../step/failure.ts";
import type { Secret } from "../../step/secret.ts";
import type { Signals } from "../signals.ts";

export const jobCommands = ["plan", "up", "destroy", "status"] as const;
export type JobCommand = (typeof jobCommands)[number];

/** What a workflow asks for, in the words that both hosts share. */
export interface JobRequest {
  readonly command: JobCommand;
  /** From the working directory. */
  readonly pipeline: string;
  /** A YAML map of inputs, over those of the file. */
  readonly inputs: string | undefined;
  readonly inputsFile: string | undefined;
  /** `plan` writes it, `up` asserts it. */
  readonly planFile: string | undefined;
  readonly offline: boolean;
  readonly prune: boolean;
  readonly sandbox: boolean;
  readonly subscription: string | undefined;
}

/** What a comment is about; jobs that plan several things write several. */
export interface CommentAbout {
  readonly pipeline: string;
  readonly instance: string;
}

export interface JobHost {
  readonly dialect: LogDialect;
  /** The host's log, as it reads it: commands and all. */
  readonly write: (text: string) => void;
  /** Its directory is the working directory. Its variables are those that the product logs in with. */
  readonly machine: Machine;
  /** Root of the checkout: what the host's places in files start from. Absolute. */
  readonly workspace: string;
  readonly signals: Signals;
  readonly sandboxEntry: string;
  /** The change comes from a fork: its own steps are code of a stranger. */
  readonly fork: boolean;
  /** The host's own tokens, masked before anything else. */
  readonly secrets: readonly string[];
  /** Whether its summaries render Mermaid. */
  readonly graph: "mermaid" | "text";
  /** How the host calls these, for hints: `inputs-file`, `inputsFile`. */
  readonly names: { readonly planFile: string };
  /** Markdown, beside the log, for people. Called once for each part; parts add up. */
  summary(markdown: string): Promise<void>;
  /** A result for later steps of the job; of any text. */
  output(name: string, value: string): Promise<void>;
  /** A result that stays masked. Undefined where the host has no such thing. */
  readonly secretOutput: ((name: string, value: Secret) => Promise<void>) | undefined;
  /** Said to the people of a pull request. Undefined where nobody asked for it, or there is none. */
  readonly comment: ((markdown: string, about: CommentAbout) => Promise<void>) | undefined;
  /** Annotations that the host shows of one job, of each severity. Left out where it shows all. */
  readonly annotationLimit?: number | undefined;
  /** What to do about a failure in the host's own words; undefined where its hint is right as it is. */
  readonly hintFor?: ((failure: Pick<Failure, "kind" | "code" | "hint">) => string | undefined) | undefined;
}
