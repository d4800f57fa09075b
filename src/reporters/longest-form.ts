/**
 * Finds, at a place in a text, the longest of many forms that begins there, in a time that hardly depends on how many
 * there are or how alike they begin.
 */

/** No form may be shorter: this many characters are looked at before anything is compared. */
export const shortestForm = 4;

const buckets = 2 ** 18;

/** A number for the four characters from here on. */
const bucketOf = (text: string, index: number): number => {
  let hash = 0;
  for (let next = index; next < index + shortestForm; next++) {
    hash = (hash * 31 + text.charCodeAt(next)) % buckets;
  }
  return hash;
};

/** For each of the sorted forms the longest other one that it begins with: -1 where there is none. */
const parentsOf = (sorted: readonly string[]): readonly number[] => {
  const open: number[] = [];
  return sorted.map((form, index) => {
    while (open.length > 0 && !form.startsWith(sorted[open.at(-1) ?? -1] ?? "")) open.pop();
    const parent = open.at(-1) ?? -1;
    open.push(index);
    return parent;
  });
};

/** The length of the longest form that the text has at this place, and 0 where it has none. */
export type LongestForm = (text: string, index: number) => number;

export const longestForm = (forms: Iterable<string>): LongestForm => {
  const sorted = [...new Set(forms)].sort((one, other) => (one < other ? -1 : 1));
  const parents = parentsOf(sorted);
  const longest = sorted.reduce((length, form) => Math.max(length, form.length), 0);
  const filled = new Uint8Array(buckets);
  for (const form of sorted) filled[bucketOf(form, 0)] = 1;

  /** How many of the forms are not after this text. */
  const rank = (text: string): number => {
    let low = 0;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((sorted[middle] ?? "") <= text) low = middle + 1;
      else high = middle;
    }
    return low;
  };

  return (text, index) => {
    if (index + shortestForm > text.length || filled[bucketOf(text, index)] === 0) return 0;
    const rest = text.slice(index, index + longest);
    // Whatever stands between a form and a text that begins with it begins with it too: so the last form that is not
    // after the text is the one looked for, or begins with it.
    for (let at = rank(rest) - 1; at >= 0; at = parents[at] ?? -1) {
      const form = sorted[at] ?? "";
      if (rest.startsWith(form)) return form.length;
    }
    return 0;
  };
};
