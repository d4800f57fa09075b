/** Durations as people write them: `90m`, `30s`, `1h30m`. */

const pattern = /^(?:(\d{1,4})h)?(?:(\d{1,5})m)?(?:(\d{1,6})s)?$/;

/** Milliseconds, or nothing where the text is no duration or is zero. Parts go from hours to seconds, each once. */
export const parseDuration = (text: string): number | undefined => {
  const match = pattern.exec(text);
  if (!match) return undefined;
  const [hours, minutes, seconds] = [match[1], match[2], match[3]].map((part) => Number(part ?? 0));
  const total = ((hours ?? 0) * 3600 + (minutes ?? 0) * 60 + (seconds ?? 0)) * 1000;
  return total > 0 ? total : undefined;
};
