/** What the runner hands to every method of a step that touches the world. */
import type { Owner, Ref } from "./ref.ts";
import type { Secret } from "./secret.ts";

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Ends early, by throwing the signal's reason, when the signal aborts. */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
}

/** Credentials and settings that clients are opened with. Never part of a step's input. */
export interface Environment {
  /** The process environment. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** From the pipeline's `credentials:`; they win over the environment. */
  readonly credentials: { readonly cloudflare?: Secret | undefined; readonly github?: Secret | undefined };
  readonly azure: {
    /** Set by `--subscription` or `AZURE_SUBSCRIPTION_ID`. */
    readonly subscription?: string | undefined;
    /** ARM endpoint of another cloud, Azure Stack or an emulator, from `--azure-endpoint`. */
    readonly endpoint?: string | undefined;
  };
  /**
   * Command line of this tool itself (Node and the path of its program), for Helm and kubectl, which log in through it
   * for as long as they run. Left out where there is none to start: they then get a token that ends.
   */
  readonly program?: readonly string[] | undefined;
  /** Folder that relative paths of the pipeline start from. */
  readonly directory: string;
  /** True where what lies there is a stranger's, as on a pull request from a fork: no program that it names is run. */
  readonly strange?: boolean | undefined;
  /** Chart mirror, a Helm repository on disk. */
  readonly chartMirror?: string | undefined;
  /** True in the sandbox, where a mirror's other chart version is a notice and not an error. */
  readonly sandbox: boolean;
  /** How long to wait between two looks at a running operation, in milliseconds, where the service says nothing. */
  readonly pollInterval: number;
}

/** Names a client and knows how to open it. Opened at most once in a run; its code is loaded only then. */
export interface ClientKey<Client> {
  /** Unique: `azure`, `kubernetes /subscriptions/…#admin`. */
  readonly name: string;
  open(environment: Environment, use: Use): Promise<Client>;
}

export type Use = <Client>(key: ClientKey<Client>) => Promise<Client>;

/** What a step may say while it works. The runner adds the step's id and the time. */
export type Progress =
  /** A long operation that this step waits for; `joined` where somebody else started it. */
  | {
      readonly kind: "operation";
      readonly operation: string;
      readonly joined: boolean;
      readonly since?: number | undefined;
    }
  /** What the step waits for just now. */
  | { readonly kind: "waiting"; readonly reason: string }
  | { readonly kind: "notice"; readonly message: string }
  | {
      readonly kind: "warning";
      readonly code: string;
      readonly message: string;
      readonly hint?: string | undefined;
    };

export interface StepContext {
  readonly use: Use;
  readonly environment: Environment;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  /** The owner whose marks the step writes. */
  readonly owner: Owner;
  /** Throws when this run may no longer write (Lease lost, cancelled). Call right before each write. */
  fence(): Promise<void>;
  report(progress: Progress): void;
  /** True where `ref` is destroyed in the same run, so that a step inside it can leave its own removal to that. */
  readonly dies: (ref: Ref) => boolean;
}
