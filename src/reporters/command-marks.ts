/**
 * The marks that CI hosts look for in a log, broken where others wrote them, so that they stay readable and mean
 * nothing.
 *
 * The break is a backslash, as GitHub's runner itself breaks its own markers (`##[\start-action`, OutputManager.cs). A
 * zero-width character would look nicer and is not safe: both hosts search with .NET's culture-sensitive
 * `string.IndexOf(string)`, which passes over characters without weight, so `:<U+200B>:` still is `::` to them.
 */

/** Characters without weight in a culture-sensitive comparison, and more: to break too much here does no harm. */
const weightless = String.raw`[[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]--[\t\n\v\f\r\u0085]]*`;

const letters = (word: string): string => [...word].join(weightless);

/** The first `#` of `##[` or `##vso`, in any case. */
const hashMark = new RegExp(`#(?=${weightless}#${weightless}(?:\\[|${letters("vso")}))`, "giv");

/** A colon that another one follows. */
const doubleColon = new RegExp(`:(?=${weightless}:)`, "gv");

const lineEnd = /[\n\v\f\r\u0085\u2028\u2029]/;
const blank = /[\s\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]/v;

/**
 * `##[` becomes `#\#[`, and `##vso` becomes `#\#vso`. GitHub's runner knows the old form `##[command]` anywhere in a
 * line, Azure's agent `##vso[area.event]`, warning of `##vso` alone, and both hosts' log viewers draw `##[group]`,
 * `##[error]` and their like at the beginning of a line.
 */
export const withBrokenHashMarks = (text: string): string => text.replace(hashMark, "#\\");

/** The whole character that ends at this index, for some of those without weight take two code units. */
const characterBefore = (text: string, end: number): string => {
  const pair = text.slice(Math.max(0, end - 2), end);
  return /^[\ud800-\udbff][\udc00-\udfff]$/.test(pair) ? pair : text.charAt(end - 1);
};

/** Only blank, back to the beginning of its line. Looks at each character of a text at most twice, over all calls. */
const beginsLine = (text: string, index: number): boolean => {
  for (let end = index; end > 0; ) {
    const character = characterBefore(text, end);
    if (lineEnd.test(character)) return true;
    if (!blank.test(character)) return false;
    end -= character.length;
  }
  return true;
};

/** `::` at the beginning of a line becomes `\::`; whitespace of any kind before it counts as none, as for the runner. */
export const withBrokenColonMarks = (text: string): string =>
  text.replace(doubleColon, (colon, index: number) => (beginsLine(text, index) ? `\\${colon}` : colon));

/** Without one last line end, which whoever writes lines adds. */
export const withoutLastLineEnd = (text: string): string => text.replace(/(?:\r\n|\n|\r)$/, "");

/** On one line: the line ends that a log's reader or viewer may know become spaces. */
export const onOneLine = (text: string): string =>
  text.replace(/\r\n|[\n\v\f\r\u0085\u2028\u2029]/g, " ").trim();
