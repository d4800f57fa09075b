/** Which lines of a secret are secrets of their own: a host's runner reads, and masks, one line at a time. */

/** In characters. A shorter line (`}`, `type: x`) would blank ordinary text all over the log. */
const shortestLine = 8;

const pemBoundary = /^-----(?:BEGIN|END) [^-]*-----$/;

/** One line as it is; of several those that are worth masking, without the blanks around them. */
export const secretLines = (text: string): readonly string[] => {
  const lines = text.split(/\r\n|\n|\r/).map((line) => line.trim());
  const filled = lines.filter((line) => line !== "");
  if (lines.length === 1) return filled.length === 0 ? [] : [text];
  return filled.filter((line) => line.length >= shortestLine && !pemBoundary.test(line));
};
