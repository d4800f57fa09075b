/** The text of a file, and where in it an offset is. Lines are only counted once a place is asked for. */
import type { Location, Position } from "./diagnostic.ts";

/** A stretch of the text, in UTF-16 offsets from 0; `end` is the first one after it. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface Source {
  readonly file: string;
  readonly text: string;
  locate(span: Span): Location;
}

export const createSource = (file: string, text: string): Source => {
  let starts: readonly number[] | undefined;
  // Places are mostly asked for in the order of the text, so the search starts at the last line found.
  let last = 0;

  const lineStarts = (): readonly number[] => {
    if (starts) return starts;
    const found = [0];
    for (let next = text.indexOf("\n"); next !== -1; next = text.indexOf("\n", next + 1))
      found.push(next + 1);
    starts = found;
    return found;
  };

  const position = (offset: number): Position => {
    const lines = lineStarts();
    const at = (line: number): number => lines[line] ?? Number.POSITIVE_INFINITY;
    let line = last;
    if (at(line) > offset || at(line + 8) <= offset) {
      let low = 0;
      let high = lines.length - 1;
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if (at(middle) <= offset) low = middle;
        else high = middle - 1;
      }
      line = low;
    } else {
      while (at(line + 1) <= offset) line++;
    }
    last = line;
    return { line: line + 1, column: offset - at(line) + 1 };
  };

  return {
    file,
    text,
    locate: ({ start, end }) => {
      const from = Math.max(0, Math.min(start, text.length));
      const to = Math.max(from, Math.min(end, text.length));
      return { file, start: position(from), end: position(to) };
    },
  };
};
