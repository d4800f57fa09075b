/** Text of others in Markdown: it reads as it was written, and is nothing but text. */
import { expect, test } from "vitest";
import { cell, code, fenced } from "../../src/reporters/markdown.ts";

test("an entity stays what was written: it makes no person to be told, and no tag", () => {
  expect(cell("&#64;octocat and &commat;octocat &lt;b&gt; & more")).toBe(
    "&amp;\\#64;octocat and &amp;commat;octocat &amp;lt;b&amp;gt; &amp; more",
  );
  expect(cell("`a && b`")).toBe("`a && b`");
});

test("a code span and a block are ended by none of the backticks in them", () => {
  expect(code("a ``b` | c")).toBe("``` a ``b` \\| c ```");
  expect(fenced("", "x\n````\n# no heading\n")).toBe("`````\nx\n````\n# no heading\n`````");
});
