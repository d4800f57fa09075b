/** What a CI host's log can say, whichever host it is: marks at places in files, groups, masks, and text of others. */

import { printable } from "./style.ts";

/** Something worth a mark in the host's own view of a run, at a place in a file where it has one. */
export interface Annotation {
  readonly severity: "error" | "warning" | "notice";
  readonly title?: string | undefined;
  readonly message: string;
  readonly place?: { readonly file: string; readonly line: number; readonly column: number } | undefined;
}

/** An annotation's message: what is wrong and what to do, as texts of others may be shown. */
export const withHint = (message: string, hint: string | undefined): string =>
  printable(hint === undefined ? message : `${message}\nHint: ${hint}`);

/** How a CI host's log is spoken. Every function returns whole lines without the last line's end. */
export interface LogDialect {
  /** Text of others, one line or more, such that the host takes no part of it for a command. Readable as it was. */
  harmless(text: string): string;
  groupStart(title: string): string;
  groupEnd(): string;
  annotation(annotation: Annotation): string;
  /** Makes the host mask this text from now on. A text of several lines is given line by line. */
  mask(text: string): string;
}
