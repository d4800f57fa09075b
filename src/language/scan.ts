/**
 * Finds `${{ }}` in a text. Quote-aware: `}}` inside an expression's string does not end it. Also says where in
 * the file each character of a scalar stands, through quotes, escapes, folding and indentation.
 */
import type { Span } from "./source.ts";

export type Segment =
  | { readonly kind: "text"; readonly text: string }
  /** `start` and `end` take in the braces; `source` is what is between them and begins at `sourceStart`. */
  | {
      readonly kind: "expression";
      readonly source: string;
      readonly sourceStart: number;
      readonly start: number;
      readonly end: number;
    }
  | { readonly kind: "unclosed"; readonly start: number; readonly end: number };

const opening = "${{";

export const hasExpression = (text: string): boolean => text.includes(opening);

/** The text in pieces, in order. Offsets count from the text's start. */
export const scan = (text: string): readonly Segment[] => {
  const segments: Segment[] = [];
  let done = 0;
  for (let start = text.indexOf(opening); start !== -1; start = text.indexOf(opening, done)) {
    if (start > done) segments.push({ kind: "text", text: text.slice(done, start) });
    const sourceStart = start + opening.length;
    const close = closing(text, sourceStart);
    if (close === undefined) {
      segments.push({ kind: "unclosed", start, end: text.length });
      return segments;
    }
    done = close + 2;
    segments.push({
      kind: "expression",
      source: text.slice(sourceStart, close),
      sourceStart,
      start,
      end: done,
    });
  }
  if (done < text.length) segments.push({ kind: "text", text: text.slice(done) });
  return segments;
};

/** Where the `}}` is. A quote written twice inside a string closes and opens it again, which comes to the same. */
const closing = (text: string, from: number): number | undefined => {
  let quoted = false;
  for (let index = from; index < text.length; index++) {
    const character = text[index];
    if (character === "'") quoted = !quoted;
    else if (!quoted && character === "}" && text[index + 1] === "}") return index;
  }
  return undefined;
};

/** From an offset in a scalar's value to the offset in the file. */
export type Placement = (offset: number) => number;

/**
 * Where the characters of a scalar's value stand in the file.
 *
 * @param text The whole file.
 * @param span The scalar in it, quotes and block header included.
 * @param value What the scalar comes to.
 */
export const placement = (text: string, span: Span, value: string): Placement => {
  const written = text.slice(span.start, span.end);
  if (written === value) return (offset) => span.start + offset;
  if (written.slice(1, -1) === value) return (offset) => span.start + 1 + offset;
  let offsets: readonly number[] | undefined;
  return (offset) => {
    offsets ??= align(written, value);
    return span.start + (offsets[offset] ?? written.length);
  };
};

const whitespace = /\s/;
/** Characters of a double-quoted escape after its backslash; every other one has a single one. */
const escapeLength: Readonly<Record<string, number>> = { x: 3, u: 5, U: 9 };

/** Walks both at once: what is not white space stands in both in the same order, escaped or not. */
const align = (written: string, value: string): readonly number[] => {
  const first = written[0];
  const block = first === "|" || first === ">";
  const header = written.indexOf("\n");
  let at = block ? (header === -1 ? written.length : header + 1) : first === '"' || first === "'" ? 1 : 0;
  const offsets: number[] = [];
  for (let index = 0; index < value.length; index++) {
    const wanted = value[index] ?? "";
    while (at < written.length) {
      const character = written[at] ?? "";
      if (first === '"' && character === "\\") {
        // An escaped line break stands for nothing.
        if (written[at + 1] !== "\n" && written[at + 1] !== "\r") break;
        at += 2;
      } else if (character === wanted || !whitespace.test(character)) break;
      else at++;
    }
    offsets.push(at);
    const character = written[at] ?? "";
    if (first === '"' && character === "\\") {
      const length = 1 + (escapeLength[written[at + 1] ?? ""] ?? 1);
      // Beyond U+FFFF one escape makes two units.
      const unit = value.charCodeAt(index);
      if (length === 10 && unit >= 0xd800 && unit < 0xdc00) {
        offsets.push(at);
        index++;
      }
      at += length;
    } else if (first === "'" && character === "'" && written[at + 1] === "'") at += 2;
    else if (!whitespace.test(wanted) || character === wanted) at++;
  }
  offsets.push(at);
  return offsets;
};
