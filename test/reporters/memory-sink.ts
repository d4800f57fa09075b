/** A sink that keeps what was written, and a terminal's view of it: lines that were drawn over are gone. */
import type { Sink } from "../../src/reporters/reporter.ts";
import { createStyle, type Style } from "../../src/reporters/style.ts";

export interface MemorySink extends Sink {
  readonly written: string[];
  /** What a person sees now. Knows the two movements that reporters use: up, and clear to the end. */
  screen(): string;
}

export const memorySink = (columns = 80): MemorySink => {
  const written: string[] = [];
  return {
    written,
    columns,
    terminal: true,
    write: (text) => {
      written.push(text);
    },
    screen: () => {
      const lines: string[] = [""];
      for (const part of written.join("").split(/(\n)/)) {
        const { up, text } = movement(part);
        if (up > 0) lines.splice(lines.length - 1 - up, up);
        if (text === "\n") lines.push("");
        else lines.push(`${lines.pop() ?? ""}${text}`);
      }
      return lines.join("\n");
    },
  };
};

const control = String.fromCodePoint(27);
const clear = `${control}[0J`;

/** `ESC[3AESC[0J` at the beginning of a line: three lines up, and all below cleared. */
const movement = (part: string): { readonly up: number; readonly text: string } => {
  const end = part.indexOf(clear);
  if (!part.startsWith(`${control}[`) || end === -1) return { up: 0, text: part };
  return { up: Number(part.slice(2, end - 1)), text: part.slice(end + clear.length) };
};

export const plainStyle = (columns = 80): Style => createStyle({ color: false, columns, unicode: true });
export const colorStyle = (columns = 80): Style => createStyle({ color: true, columns, unicode: true });
