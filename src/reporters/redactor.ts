/** Takes secrets out of text: remembers every form of each, and writes `***` for all of them. */
import { type LongestForm, longestForm } from "./longest-form.ts";
import { secretForms } from "./secret-forms.ts";

export interface Redactor {
  /** The forms of this secret that were not known before, so that a host can have its runner mask each. */
  add(text: string): readonly string[];
  /**
   * The text with `***` for each known form; forms that overlap or touch become one `***`, as on GitHub's runner. To be
   * called before a host's escaping, which may change a form.
   */
  clean(text: string): string;
}

const mask = "***";

interface Range {
  readonly start: number;
  readonly end: number;
}

/** What of the text is secret: the longest form at every place, those that overlap or touch taken together. */
const secretRanges = (text: string, lengthAt: LongestForm): readonly Range[] => {
  const ranges: Range[] = [];
  let current: Range | undefined;
  for (let index = 0; index < text.length; index++) {
    const length = lengthAt(text, index);
    if (length === 0) continue;
    if (current && index <= current.end) {
      current = { start: current.start, end: Math.max(current.end, index + length) };
      continue;
    }
    if (current) ranges.push(current);
    current = { start: index, end: index + length };
  }
  return current ? [...ranges, current] : ranges;
};

export const createRedactor = (): Redactor => {
  const known = new Set<string>();
  let lengthAt: LongestForm | undefined;
  return {
    add: (text) => {
      const fresh = secretForms(text).filter((form) => !known.has(form));
      if (fresh.length > 0) lengthAt = undefined;
      for (const form of fresh) known.add(form);
      return fresh;
    },
    clean: (text) => {
      if (known.size === 0) return text;
      lengthAt ??= longestForm(known);
      const ranges = secretRanges(text, lengthAt);
      if (ranges.length === 0) return text;
      const parts = ranges.map(({ start }, index) => text.slice(ranges[index - 1]?.end ?? 0, start));
      return [...parts, text.slice(ranges.at(-1)?.end)].join(mask);
    },
  };
};
