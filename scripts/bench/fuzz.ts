/** Broken pipelines from good ones: bytes, lines and tokens are lost, doubled, swapped, in the same way every time. */

/** Numbers in [0, 1) that follow from a seed alone (mulberry32). */
export const randomFrom = (seed: number): (() => number) => {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
};

const fragments = [
  "${{ ",
  " }}",
  "${{ steps.",
  "${{ inputs.x || '' }}",
  "((((((((",
  "'",
  '"',
  "&a ",
  "*a ",
  "<<: ",
  "!!binary ",
  "\t",
  "- ",
  "? ",
  "{ ",
  "[ ",
  "|\n",
  "__proto__: ",
  "%YAML 1.1\n",
  "---\n",
  "\u0000",
  "\u{1f600}",
  "9".repeat(400),
  "[".repeat(100),
  "a: ".repeat(50),
];

type Random = () => number;

const mutations: readonly ((text: string, random: Random) => string)[] = [
  // A fragment somewhere.
  (text, random) => splice(text, at(text.length, random), 0, pick(fragments, random)),
  // A piece lost.
  (text, random) => splice(text, at(text.length, random), at(20, random), ""),
  // A piece doubled, perhaps many times.
  (text, random) => {
    const start = at(text.length, random);
    return splice(text, start, 0, text.slice(start, start + at(200, random)).repeat(1 + at(20, random)));
  },
  // Two lines swapped.
  (text, random) => {
    const lines = text.split("\n");
    const [one, other] = [at(lines.length, random), at(lines.length, random)];
    const [first = "", second = ""] = [lines[one], lines[other]];
    return lines.with(one, second).with(other, first).join("\n");
  },
  // A line indented otherwise.
  (text, random) => {
    const lines = text.split("\n");
    const index = at(lines.length, random);
    return lines.with(index, `${" ".repeat(at(8, random))}${lines[index]?.trimStart() ?? ""}`).join("\n");
  },
  // A word in the place of another.
  (text, random) => {
    const words = [...text.matchAll(/[\w.-]+/g)];
    const [from, to] = [pick(words, random), pick(words, random)];
    return splice(text, from.index, from[0].length, to[0]);
  },
  // Cut short.
  (text, random) => text.slice(0, at(text.length, random)),
];

const at = (length: number, random: Random): number => Math.floor(random() * Math.max(length, 1));

const splice = (text: string, start: number, length: number, put: string): string =>
  text.slice(0, start) + put + text.slice(start + length);

const pick = <Item>(items: readonly Item[], random: Random): Item => {
  const item = items[at(items.length, random)];
  if (item === undefined) throw new Error("nothing to pick from");
  return item;
};

/** One to four mutations of a text. */
export const mutated = (text: string, random: Random): string => {
  let result = text;
  for (let count = 1 + at(4, random); count > 0; count--) {
    // Words are needed by one mutation; an empty rest is as broken as can be.
    if (!/\w/.test(result)) return result;
    result = pick(mutations, random)(result, random);
  }
  return result;
};
