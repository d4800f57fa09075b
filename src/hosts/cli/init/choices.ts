/** What `provision init` was told, by flags or by answers, and the patterns that names have to match. */
import type { Scalar } from "../../../step/shape.ts";
import type { ActionReference } from "../release.ts";
import type { ShippedPipeline } from "./shipped-pipelines.ts";

export const hosts = ["github", "azure-pipelines", "none"] as const;
export type HostName = (typeof hosts)[number];

export type ContinuousIntegration =
  | { readonly host: "github"; readonly repository: string; readonly action: ActionReference }
  | { readonly host: "azure-pipelines"; readonly serviceConnection: string }
  | { readonly host: "none" };

export interface Choices {
  readonly pipeline: ShippedPipeline;
  /** At least one; each with all values that its inputs file holds. */
  readonly environments: readonly Environment[];
  readonly ci: ContinuousIntegration;
}

export interface Environment {
  readonly name: string;
  readonly inputs: ReadonlyMap<string, Scalar>;
}

/** What a name has to look like. All of them are written into YAML that a CI host runs. */
export interface Format {
  readonly pattern: RegExp;
  /** In words, after "must be". */
  readonly words: string;
}

export const formats = {
  /** Becomes part of a job's, a stage's, an artifact's and a file's name. */
  environment: {
    pattern: /^[a-z](?:[a-z0-9-]{0,18}[a-z0-9])?$/,
    words: "1 to 20 of a-z, 0-9 and `-`, beginning with a letter, as in `dev`",
  },
  /** https://docs.github.com/rest/repos/repos: owner of up to 39 characters, name of up to 100. */
  repository: {
    pattern: /^[A-Za-z0-9][A-Za-z0-9-]{0,38}\/(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}$/,
    words: "owner/name, as on GitHub",
  },
  "service-connection": {
    pattern: /^[A-Za-z0-9](?:[A-Za-z0-9 ._()-]{0,98}[A-Za-z0-9.)_-])?$/,
    words: "the name of a service connection: letters, digits, spaces and `._()-`",
  },
  action: {
    pattern: /^(?:\.\/[\w./-]*|[\w-]+\/[\w.-]+(?:\/[\w.-]+)*@[\w./-]+)$/,
    words: "as `uses:` takes it: owner/name@commit, or ./folder",
  },
} as const satisfies Record<string, Format>;
