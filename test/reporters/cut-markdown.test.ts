import { expect, test } from "vitest";
import { cutMarkdown } from "../../src/reporters/cut-markdown.ts";
import { fenced, folded } from "../../src/reporters/markdown.ts";

const size = (text: string) => Buffer.byteLength(text);
const lines = (count: number) => Array.from({ length: count }, (_, index) => `line ${index} äöü`).join("\n");

test("what is short enough stays as it is", () => {
  expect(cutMarkdown("### Plan\n", 1_000)).toBe("### Plan\n");
});

test.each([1_000, 1_001, 2_000, 5_000, 5_007])(
  "what is too long fits in %i bytes, says so, and closes what was open",
  (limit) => {
    const cut = cutMarkdown(`### Plan\n\n${folded("Graph", fenced("mermaid", lines(1_000)))}`, limit);
    expect(size(cut)).toBeLessThanOrEqual(limit);
    expect(cut).toMatch(
      /\nline \d+ äöü\n```\n\n<\/details>\n\n_Cut here: the whole is in the job's log\._\n$/,
    );
  },
);

test("what only looks like a fold within a block opens none, and a longer fence is closed by its own length", () => {
  const cut = cutMarkdown(fenced("", `<details>\n\`\`\`\n${lines(500)}`), 2_000);
  expect(cut).not.toContain("</details>");
  expect(cut).toContain("\n````\n");
});
