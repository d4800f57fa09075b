/** What of .NET's text functions the parsers of both vendors rest on, and where it differs from JavaScript. */

/**
 * Both search with .NET's `string.IndexOf(string)` and `StartsWith(string)`. Those are culture-sensitive: with ICU, which
 * is the default, they pass over characters without weight; in invariant mode they compare code units.
 */
export type Comparison = "code units" | "culture";

/** StreamReader.ReadLine: a line ends at \n, \r or \r\n, and nowhere else. */
export const readLines = (output: string): readonly string[] => {
  const lines = output.split(/\r\n|\n|\r/);
  return lines.at(-1) === "" ? lines.slice(0, -1) : lines;
};

/** char.IsWhiteSpace: the categories Zs, Zl and Zp, and these six; not U+FEFF, which is JavaScript's own. */
const whiteSpace = "[\\p{Zs}\\p{Zl}\\p{Zp}\\t\\n\\v\\f\\r\\u0085]";
export const trimStart = (text: string): string => text.replace(new RegExp(`^${whiteSpace}+`, "u"), "");
export const trim = (text: string): string => trimStart(text).replace(new RegExp(`${whiteSpace}+$`, "u"), "");

const weightless = /[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]/u;
const hasWeight = (character: string): boolean =>
  /[\t\n\v\f\r\u0085]/.test(character) || !weightless.test(character);

/** Where `value` begins in `text`, at `from` or later, as far as this comparison can tell; -1 where it does not. */
export const indexOf = (text: string, value: string, from: number, comparison: Comparison): number => {
  if (comparison === "code units") return text.indexOf(value, from);
  for (
    let start = text.indexOf(value.charAt(0), from);
    start >= 0;
    start = text.indexOf(value.charAt(0), start + 1)
  ) {
    let matched = 0;
    for (const character of text.slice(start)) {
      if (character === value.charAt(matched)) matched++;
      else if (hasWeight(character)) break;
      if (matched === value.length) return start;
    }
  }
  return -1;
};

export const startsWith = (text: string, value: string, comparison: Comparison): boolean => {
  if (comparison === "code units") return text.startsWith(value);
  const characters = [...text];
  const first = characters.findIndex(hasWeight);
  return first >= 0 && indexOf(characters.slice(first).join(""), value, 0, comparison) === 0;
};

/** string.Split('=', 2, RemoveEmptyEntries): empty entries before the last one do not count. */
export const splitPair = (text: string): readonly string[] => {
  const found = /^=*([^=]+)=+([^=][\s\S]*)$/.exec(text);
  return found ? found.slice(1) : [text];
};
