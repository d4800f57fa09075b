/** Diagnostics with the lines that they are about, in the manner of compilers: code, place, excerpt, carets, hint. */
import type { Diagnostic, Location } from "../language/diagnostic.ts";
import { type Excerpt, excerptOf } from "./excerpt.ts";
import { type Style, wrap } from "./style.ts";

/**
 * One block for each, in their order, with an empty line between. Where `sourceOf` has no text of a file, the place
 * stands alone.
 */
export const renderDiagnostics = (
  diagnostics: readonly Diagnostic[],
  sourceOf: (file: string) => string | undefined,
  style: Style,
): string => diagnostics.map((diagnostic) => `${block(diagnostic, sourceOf, style)}\n`).join("\n");

const block = (
  { code, severity, message, location, related, hint }: Diagnostic,
  sourceOf: (file: string) => string | undefined,
  style: Style,
): string => {
  const paint = severity === "error" ? style.failure : style.warning;
  const numbers = [location, ...related.map((each) => each.location)].map(
    ({ start }) => String(start.line).length,
  );
  const gutter = Math.max(...numbers);
  const excerpt = (at: Location, mark: string) =>
    excerptLines(excerptOf(sourceOf(at.file), at, style.columns - gutter - 4), gutter, mark, style);
  const lines = [
    ...wrap(`${severity}[${code}] ${message}`, style.columns).map((line, index) =>
      index === 0
        ? `${paint(line.slice(0, severity.length + code.length + 2))}${style.strong(line.slice(severity.length + code.length + 2))}`
        : style.strong(line),
    ),
    `${" ".repeat(gutter)}${style.accent("-->")} ${place(location)}`,
    ...excerpt(location, paint("^")),
  ];
  for (const { message: said, location: at } of related) {
    lines.push(
      `${" ".repeat(gutter)}${style.accent(":::")} ${place(at)}  ${said}`,
      ...excerpt(at, style.accent("-")),
    );
  }
  if (hint !== undefined) {
    const indent = " ".repeat(gutter + 1);
    const [first = "", ...rest] = wrap(hint, Math.max(20, style.columns - gutter - 9));
    lines.push(
      `${indent}${style.accent("=")} ${style.strong("hint:")} ${first}`,
      ...rest.map((line) => `${indent}        ${line}`),
    );
  }
  return lines.join("\n");
};

/** As editors and terminals open it. */
const place = ({ file, start }: Location): string => `${file}:${start.line}:${start.column}`;

const excerptLines = (
  excerpt: Excerpt | undefined,
  gutter: number,
  mark: string,
  style: Style,
): readonly string[] => {
  if (!excerpt) return [];
  const bar = style.accent("|");
  const empty = " ".repeat(gutter);
  return [
    `${empty} ${bar}`,
    `${style.accent(String(excerpt.line).padStart(gutter))} ${bar} ${excerpt.text}`,
    `${empty} ${bar} ${" ".repeat(excerpt.indent)}${mark.length === 1 ? mark.repeat(excerpt.length) : painted(mark, excerpt.length)}`,
  ];
};

/** A painted mark, repeated within its paint: `ESC[31m^ESC[39m` → `ESC[31m^^^ESC[39m`. */
const painted = (mark: string, length: number): string =>
  mark.replace(/[\^-](?!.*[\^-])/, (character) => character.repeat(length));
