/** Colour, symbols and width: decided by the host, used by every reporter. Colour only where it means something. */
import { stripVTControlCharacters } from "node:util";
import { createColors } from "picocolors";

type Paint = (text: string) => string;

export interface Style {
  readonly columns: number;
  /** Something will be or was added, or is well. */
  readonly success: Paint;
  /** Something changes, or deserves a look. */
  readonly warning: Paint;
  /** Something goes, or is wrong. */
  readonly failure: Paint;
  /** What is less important than what stands beside it. */
  readonly faint: Paint;
  readonly strong: Paint;
  readonly accent: Paint;
  readonly symbols: Symbols;
}

export interface Symbols {
  readonly arrow: string;
  readonly done: string;
  readonly failed: string;
  readonly running: string;
  readonly waiting: string;
  readonly skipped: string;
  readonly replace: string;
}

const unicode: Symbols = {
  arrow: "→",
  done: "✓",
  failed: "✗",
  running: "●",
  waiting: "○",
  skipped: "–",
  replace: "±",
};
const ascii: Symbols = {
  arrow: "->",
  done: "ok",
  failed: "x",
  running: "*",
  waiting: ".",
  skipped: "-",
  replace: "+-",
};

export interface StyleOptions {
  readonly color: boolean;
  readonly columns: number;
  readonly unicode: boolean;
}

export const createStyle = (options: StyleOptions): Style => {
  const colors = createColors(options.color);
  return {
    columns: options.columns,
    success: colors.green,
    warning: colors.yellow,
    failure: colors.red,
    faint: colors.dim,
    strong: colors.bold,
    accent: colors.cyan,
    symbols: options.unicode ? unicode : ascii,
  };
};

/** Text of others without what moves a terminal: escape sequences and control characters but the newline. */
export const printable = (text: string): string =>
  stripVTControlCharacters(text)
    .replaceAll("\t", " ")
    .replace(/(?!\n)\p{Cc}/gu, "");

/** Cut to a width, with an ellipsis where something is lost. */
export const cut = (text: string, width: number): string => {
  if (width < 1) return "";
  const characters = [...text];
  return characters.length <= width ? text : `${characters.slice(0, Math.max(0, width - 1)).join("")}…`;
};

/** Broken at spaces into lines of at most `width`; a longer word stays whole. */
export const wrap = (text: string, width: number): readonly string[] => {
  const lines: string[] = [];
  for (const paragraph of text.split("\n")) {
    let line = "";
    for (const word of paragraph.split(" ")) {
      if (line !== "" && line.length + 1 + word.length > width) {
        lines.push(line);
        line = word;
      } else line = line === "" ? word : `${line} ${word}`;
    }
    lines.push(line);
  }
  return lines;
};

/** Seconds up to two minutes, then minutes: `8s`, `2m 05s`, `1h 02m`. */
export const duration = (milliseconds: number): string => {
  const seconds = Math.round(milliseconds / 1000);
  if (milliseconds < 1000) return `${(milliseconds / 1000).toFixed(1)}s`;
  if (seconds < 120) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}m ${String(seconds % 60).padStart(2, "0")}s`;
  return `${Math.floor(minutes / 60)}h ${String(minutes % 60).padStart(2, "0")}m`;
};
