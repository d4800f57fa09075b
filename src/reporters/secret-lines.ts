/** Which lines of a secret are secrets of their own: a host's runner reads, and masks, one line at a time. */

/** In characters. A shorter line (`}`, `type: x`) would blank ordinary text all over the log. */
const shortestLine = 8;

const pemBoundary = /^-----(?:BEGIN|END) [^-]*-----$/;

/** A text of one line as it is; of several those that are worth masking, without the blanks around them. */
export const secretLines = (text: string): readonly string[] => {
  const lines = text.split(/\r\n|\n|\r/);
  const filled = lines.map((line) => line.trim()).filter((line) => line !== "");
  if (filled.length < 2) return lines.length === 1 && filled.length === 1 ? [text] : filled;
  return filled.filter((line) => line.length >= shortestLine && !pemBoundary.test(line));
};
