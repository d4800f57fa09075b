/** What we say to GitHub's runner, and what it understands. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { githubDialect } from "../../../src/reporters/github/commands.ts";
import { readAsGithub } from "../runner-parsers.ts";

const anything = fc.string({ unit: "binary", maxLength: 60 });
const awkward = fc
  .array(
    fc.constantFrom("%", "%25", "%0A", "\r", "\n", ":", "::", ",", "=", ";", "]", " ", "a", "%3A", "%2C"),
    {
      maxLength: 12,
    },
  )
  .map((parts) => parts.join(""));
const text = fc.oneof(anything, awkward);

test("an annotation is one line, with its place and its title", () => {
  const line = githubDialect.annotation({
    severity: "error",
    title: "P0123",
    message: "50% of it:\nno quota",
    place: { file: "a,b.yaml", line: 3, column: 14 },
  });
  expect(line).toBe("::error file=a%2Cb.yaml,line=3,col=14,title=P0123::50%25 of it:%0Ano quota");
});

test("an annotation without a place or a title has only a message", () => {
  expect(githubDialect.annotation({ severity: "notice", message: "done" })).toBe("::notice::done");
  expect(githubDialect.annotation({ severity: "warning", title: " \n", message: "" })).toBe("::warning::");
});

test("a group has one line to begin with, whatever its title, and one to end with", () => {
  expect(githubDialect.groupStart("Step\r\nnginx 100%")).toBe("::group::Step nginx 100%25");
  expect(githubDialect.groupEnd()).toBe("::endgroup::");
});

test("a mask is given line by line, without lines that would blank ordinary text", () => {
  expect(githubDialect.mask("100%: secret")).toBe("::add-mask::100%25: secret");
  const key = "-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMG\r\nab==\n-----END PRIVATE KEY-----\n";
  expect(githubDialect.mask(key)).toBe("::add-mask::MIGHAgEAMBMG");
  expect(githubDialect.mask("hunter2\n")).toBe("::add-mask::hunter2");
  expect(githubDialect.mask(" \n")).toBe("");
});

test("text of others keeps its words; only what the runner or the log's viewer would act on is broken", () => {
  const said = "std::vector a::b ::x ##vs\n  ::error::no\n##[group]x\u2028::debug::y\n";
  expect(githubDialect.harmless(said)).toBe(
    "std::vector a::b ::x ##vs\n  \\::error::no\n#\\#[group]x\u2028\\::debug::y",
  );
});

test("what is given as the data of a command is what the runner reads", () => {
  fc.assert(
    fc.property(text, (data) => {
      const { commands } = readAsGithub(githubDialect.mask(`x${data.replace(/[\r\n]/g, "%0A")}`), "culture");
      expect(commands).toEqual([
        { name: "add-mask", properties: {}, data: `x${data.replace(/[\r\n]/g, "%0A")}` },
      ]);
    }),
  );
});

test("what is given as file and message of an annotation is what the runner reads", () => {
  const place = fc.record({ file: text.map((name) => `a${name}`), line: fc.nat(), column: fc.nat() });
  const message = text.filter((said) => !said.includes("##"));
  fc.assert(
    fc.property(message, place, (said, at) => {
      const line = githubDialect.annotation({ severity: "error", title: "t", message: said, place: at });
      const properties = { file: at.file, line: `${at.line}`, col: `${at.column}`, title: "t" };
      for (const comparison of ["code units", "culture"] as const) {
        expect(readAsGithub(line, comparison).commands).toEqual([{ name: "error", properties, data: said }]);
      }
    }),
  );
});

test("text of any kind has no command in it, and is what it was but for the breaks", () => {
  const marks = fc.constantFrom(
    "::",
    ":",
    "#",
    "##",
    "[",
    "##[",
    "]",
    "error",
    "\u200b",
    "\n",
    "\u0085",
    " ",
    "\0",
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(marks, anything), { maxLength: 15 }), (parts) => {
      const said = parts.join("").replaceAll("\\", "");
      const shown = githubDialect.harmless(said);
      expect(shown.replaceAll("\\", "")).toBe(said.replace(/(?:\r\n|\n|\r)$/, ""));
      for (const comparison of ["code units", "culture"] as const) {
        expect(readAsGithub(shown, comparison, () => true).commands).toEqual([]);
      }
    }),
    { numRuns: 500 },
  );
});
