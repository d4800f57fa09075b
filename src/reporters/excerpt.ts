/** The part of a file that a location is about: one line, cut to the room there is, and what of it to mark. Pure. */
import type { Location } from "../language/diagnostic.ts";

export interface Excerpt {
  readonly line: number;
  /** Without tabs and control characters, which would move the marks or the terminal. */
  readonly text: string;
  /** Columns before the marked part, and of it; at least one is marked. */
  readonly indent: number;
  readonly length: number;
}

const ellipsis = "…";

/** Undefined where the text is not at hand, or has no such line. A location over several lines marks its first. */
export const excerptOf = (
  source: string | undefined,
  { start, end }: Location,
  room: number,
): Excerpt | undefined => {
  const raw = source?.split(/\r\n|\n|\r/)[start.line - 1];
  if (raw === undefined) return undefined;
  const line = harmless(raw);
  const from = Math.min(start.column - 1, line.length);
  const to = end.line === start.line ? Math.min(end.column - 1, line.length) : line.trimEnd().length;
  const length = Math.max(1, to - from);
  if (line.length <= room) return { line: start.line, text: line.trimEnd(), indent: from, length };
  // A window that begins a little before the marked part, with room for its own ellipses.
  const begin = Math.max(0, Math.min(from - Math.floor(room / 4), line.length - (room - 2)));
  const head = begin > 0 ? ellipsis : "";
  const visible = line.slice(begin, begin + room - head.length);
  const tail = begin + visible.length < line.length ? ellipsis : "";
  const text = `${head}${tail ? visible.slice(0, -1) : visible}${tail}`;
  const indent = from - begin + head.length;
  return {
    line: start.line,
    text: text.trimEnd(),
    indent,
    length: Math.max(1, Math.min(length, room - indent)),
  };
};

/** One column for one UTF-16 unit, as positions count. */
const harmless = (line: string): string =>
  line.replace(/[\t\u00a0]/g, " ").replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, "\ufffd");
