/** What steps ask of git on this machine: whether a key opens a repository. */
import type { Secret } from "../../step/secret.ts";

export interface KeyCheck {
  /** `ssh://git@host/path` */
  readonly repository: string;
  readonly privateKey: Secret;
  /** Lines of `known_hosts`; a host that is not among them is refused. */
  readonly knownHosts: string;
  /** What the key must be good for. */
  readonly access: "read" | "write";
  readonly signal: AbortSignal;
}

export type KeyCheckResult =
  | { readonly state: "opens" }
  /** It may read, and was to write. */
  | { readonly state: "read-only"; readonly evidence: readonly string[] }
  /** The host knows no such key, or the key no such repository. */
  | { readonly state: "refused"; readonly evidence: readonly string[] }
  /** The host could not be asked. */
  | { readonly state: "unreachable"; readonly evidence: readonly string[] }
  /** git or ssh is not on this machine. */
  | { readonly state: "no-tool"; readonly evidence: readonly string[] };

export interface GitClient {
  /**
   * Reads the repository's list of branches with this key alone; for writing, as a push begins, which hosts refuse to a
   * key that may only read. Some refuse only what is pushed: then it counts as good. Never throws but for a cancelled
   * signal.
   */
  check(check: KeyCheck): Promise<KeyCheckResult>;
}
