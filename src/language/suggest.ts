/** "Did you mean": the known name nearest to what was written. */
import { limits } from "./limits.ts";

/** Edit distance with swaps of neighbours, given up (as `limit + 1`) as soon as it must exceed `limit`. */
const distance = (from: string, to: string, limit: number): number => {
  if (Math.abs(from.length - to.length) > limit) return limit + 1;
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    let best = row;
    for (let column = 1; column <= to.length; column++) {
      const same = from[row - 1] === to[column - 1];
      let cost = Math.min(
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (same ? 0 : 1),
      );
      if (row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1])
        cost = Math.min(cost, (beforeLast[column - 2] ?? 0) + 1);
      current.push(cost);
      best = Math.min(best, cost);
    }
    if (best > limit) return limit + 1;
    beforeLast = last;
    last = current;
  }
  return last[to.length] ?? limit + 1;
};

/** The nearest of `known`, or nothing where none is near: about one slip for every three characters. */
export const nearest = (written: string, known: Iterable<string>): string | undefined => {
  const text = written.slice(0, limits.identifierLength).toLowerCase();
  let best: string | undefined;
  let closest = Number.POSITIVE_INFINITY;
  let count = 0;
  for (const name of known) {
    if (++count > limits.suggestionCandidates) break;
    const allowed = Math.max(1, Math.floor(Math.max(text.length, name.length) / 3));
    const limit = Math.min(allowed, closest - 1);
    if (limit < 0) break;
    const found = distance(text, name.toLowerCase(), limit);
    if (found > limit) continue;
    best = name;
    closest = found;
  }
  return best;
};

/** The sentence for a name that was found. */
export const suggestion = (name: string | undefined): string | undefined =>
  name === undefined ? undefined : `Did you mean \`${name}\`?`;

/** A hint as a sentence: the nearest name, else what there is, where that is short enough to read. */
export const didYouMean = (written: string, known: Iterable<string>): string | undefined => {
  const names = [...known].slice(0, limits.suggestionCandidates);
  const name = nearest(written, names);
  if (name !== undefined) return suggestion(name);
  if (names.length === 0 || names.length > 12) return undefined;
  return `Known here: ${names.map((known) => `\`${known}\``).join(", ")}.`;
};
