/** Regular expressions that a file brings along: valid, and not of a form that can take exponential time. */

/** A repeated group that repeats something itself, as in `(a+)+`, which backtracks without end on some texts. */
const nestedRepeat = /\((?:[^()\\]|\\.)*(?:[+*]|\{\d*,\d*\})(?:[^()\\]|\\.)*\)(?:[+*]|\{\d*,\d*\})/;
const backReference = /\\(?:[1-9]|k<)/;
const longest = 500;

/** Why the pattern is refused, as a clause; nothing where it is fine. */
export const patternProblem = (pattern: string): string | undefined => {
  if (pattern.length > longest) return `is longer than ${longest} characters`;
  try {
    new RegExp(pattern, "u");
  } catch (error) {
    return error instanceof Error ? `is not valid (${error.message.split(": ").at(-1)})` : "is not valid";
  }
  if (nestedRepeat.test(pattern))
    return "repeats a group that repeats something itself, which can take for ever";
  if (backReference.test(pattern)) return "refers back to a group, which can take for ever";
  return undefined;
};
