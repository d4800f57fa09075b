/**
 * Secrets as a type of their own. A Secret prints as `***` whatever prints it, so that only code which asks for
 * the text by name can let it out.
 */
import { inspect } from "node:util";
import { z } from "zod";

const masked = "***";

const watchers = new Set<(secret: Secret) => void>();

/**
 * Tells of every Secret from now on, whoever makes it, before it can be used: a CI host has its log mask it. One list
 * for the process, since a Secret that a new step makes must not depend on somebody's thinking of it. Returns how to
 * stop.
 */
export const watchSecrets = (watcher: (secret: Secret) => void): (() => void) => {
  watchers.add(watcher);
  return () => {
    watchers.delete(watcher);
  };
};

export class Secret {
  readonly #text: string;
  readonly #parts: readonly string[];
  /** Where it comes from, for messages: `CLOUDFLARE_API_TOKEN`, `steps.key.outputs.privateKey`. Never the text. */
  readonly origin: string;

  /** `parts`: what of the text is secret by itself, where that is not all of it, as in a kubeconfig. */
  constructor(text: string, origin: string, parts: readonly string[] = [text]) {
    this.#text = text;
    this.#parts = parts;
    this.origin = origin;
    for (const watcher of watchers) watcher(this);
  }

  /** The text itself. Call it only where the text leaves for its destination: a header, stdin, a 0600 file. */
  reveal(): string {
    return this.#text;
  }

  /** What a log must never show: the text, or those parts of it that are secret by themselves. */
  revealParts(): readonly string[] {
    return this.#parts;
  }

  /** Compared in memory; neither text nor a digest of it is kept. */
  equals(other: Secret): boolean {
    return this.#text === other.#text;
  }

  toString(): string {
    return masked;
  }

  toJSON(): string {
    return masked;
  }

  [inspect.custom](): string {
    return masked;
  }
}

/** The zod type of a secret: `secret().describe("Token with Zone:Read and DNS:Edit.")`. */
export const secret = () =>
  z.custom<Secret>((value) => value instanceof Secret, "a secret is expected").meta({ secret: true });
