/** The changelog's entry of a version: https://keepachangelog.com/en/1.1.0. Pure. */

const heading = /^## \[([^\]]+)\](?: - (\d{4}-\d{2}-\d{2}))?$/;

/**
 * What the changelog says of a version, without its heading.
 * @throws where there is no entry, none with a date, or an empty one: a release tells its users what it brings.
 */
export const entryOf = (changelog: string, version: string): string => {
  const lines = changelog.split("\n");
  const begin = lines.findIndex((line) => {
    const [, name, date] = heading.exec(line) ?? [];
    return name === version && date !== undefined;
  });
  if (begin < 0) throw new Error(`CHANGELOG.md has no entry "## [${version}] - YYYY-MM-DD"`);
  const rest = lines.slice(begin + 1);
  const end = rest.findIndex((line) => line.startsWith("## ") || /^\[[^\]]+\]: /.test(line));
  const entry = rest.slice(0, end < 0 ? undefined : end);
  if (!entry.some((line) => line.startsWith("- ")))
    throw new Error(`CHANGELOG.md says nothing of ${version}`);
  return entry.join("\n").trim();
};
