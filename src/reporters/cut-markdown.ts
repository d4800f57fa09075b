/** Markdown within a host's limit: cut at a line, with everything that was open closed, and a word that it was cut. */

/** GitHub drops a summary of over 1 MiB whole; the rest is room for what else a job writes there. In bytes of UTF-8. */
export const summaryLimit = 900 * 1024;

/** GitHub's limit for a comment, 65,536 characters, less a margin. In bytes, which are never fewer. */
export const commentLimit = 60_000;

/** `limit`: bytes. What is short enough is returned as it is. */
export const cutMarkdown = (markdown: string, limit: number): string => {
  if (Buffer.byteLength(markdown) <= limit) return markdown;
  const notice = "\n\n_Cut here: the whole is in the job's log._\n";
  // What closes folds and a fence at most, with the notice.
  const room = limit - Buffer.byteLength(notice) - 200;
  const kept: string[] = [];
  let size = 0;
  let fence: string | undefined;
  let folds = 0;
  for (const line of markdown.split("\n")) {
    size += Buffer.byteLength(line) + 1;
    if (size > room) break;
    kept.push(line);
    const marks = /^(`{3,})/.exec(line)?.[1];
    if (fence === undefined) {
      if (marks !== undefined) fence = marks;
      folds += (line.match(/<details>/g) ?? []).length - (line.match(/<\/details>/g) ?? []).length;
    } else if (line === fence) fence = undefined;
  }
  const closing = [
    ...(fence === undefined ? [] : [fence]),
    ...Array.from({ length: folds }, () => "\n</details>"),
  ];
  return `${[...kept, ...closing].join("\n")}${notice}`;
};
