/** What we say to Azure's agent, and what it understands. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { azurePipelinesDialect, loggingCommand } from "../../../src/reporters/azure-pipelines/commands.ts";
import { readAsAzure } from "../runner-parsers.ts";

const anything = fc.string({ unit: "binary", maxLength: 60 });
const awkward = fc
  .array(
    fc.constantFrom("%", "%AZP25", "%0A", "\r", "\n", "]", "[", ";", "=", "##vso[", " ", "a", "%3B", "%5D"),
    {
      maxLength: 12,
    },
  )
  .map((parts) => parts.join(""));
const text = fc.oneof(anything, awkward);

test("a logging command escapes values and data as the vendor does", () => {
  const properties = { variable: "a;b]c", isOutput: "true", none: "" };
  expect(loggingCommand("task", "setvariable", properties, "100%\r\n];")).toBe(
    "##vso[task.setvariable variable=a%3Bb%5Dc;isOutput=true;]100%AZP25%0D%0A];",
  );
  expect(loggingCommand("task", "setsecret", {}, "x")).toBe("##vso[task.setsecret]x");
});

test("what is given as values and data of a command is what the agent reads", () => {
  const value = text.map((given) => `v${given}`);
  fc.assert(
    fc.property(value, value, text, (one, other, data) => {
      const line = loggingCommand("task", "logissue", { one, other }, data);
      for (const comparison of ["code units", "culture"] as const) {
        expect(readAsAzure(line, comparison).commands).toEqual([
          { name: "task.logissue", properties: { one, other }, data },
        ]);
      }
    }),
  );
});

test("an error is an issue with its place; a title that is a code is the issue's code", () => {
  const place = { file: "a;b.yaml", line: 3, column: 14 };
  const issue = azurePipelinesDialect.annotation;
  expect(issue({ severity: "error", title: "P0123", message: "no\nquota", place })).toBe(
    "##vso[task.logissue type=error;sourcepath=a%3Bb.yaml;linenumber=3;columnnumber=14;code=P0123;]no%0Aquota",
  );
  expect(issue({ severity: "warning", title: "Not ready", message: "0 of 3", place })).toBe(
    "##vso[task.logissue type=warning;sourcepath=a%3Bb.yaml;linenumber=3;columnnumber=14;]Not ready: 0 of 3",
  );
  expect(issue({ severity: "error", title: "P0123", message: "no quota" })).toBe(
    "##vso[task.logissue type=error;]P0123: no quota",
  );
});

test("a notice, for which the agent has no issue, is a line of text", () => {
  const place = { file: "a.yaml", line: 3, column: 14 };
  expect(
    azurePipelinesDialect.annotation({ severity: "notice", title: "Done", message: "green", place }),
  ).toBe("a.yaml(3,14): Done: green");
});

test("a group has one line to begin with, whatever its title, and one to end with", () => {
  expect(azurePipelinesDialect.groupStart("Step\r\nnginx 100%")).toBe("##[group]Step nginx 100%");
  expect(azurePipelinesDialect.groupEnd()).toBe("##[endgroup]");
});

test("a mask is given line by line, without lines that would blank ordinary text", () => {
  expect(azurePipelinesDialect.mask("100%; ]secret")).toBe("##vso[task.setsecret]100%AZP25; ]secret");
  expect(azurePipelinesDialect.mask("first line of it\n}\nsecond line")).toBe(
    "##vso[task.setsecret]first line of it\n##vso[task.setsecret]second line",
  );
});

test("text of others keeps its words; only what the agent or the log's viewer would act on is broken", () => {
  const said = "a ##VSO[task.complete]x\n##[error]y #vso ::error::z\r\n";
  expect(azurePipelinesDialect.harmless(said)).toBe(
    "a #\\#VSO[task.complete]x\n#\\#[error]y #vso ::error::z",
  );
});

test("text of any kind has no command in it, and is what it was but for the breaks", () => {
  const marks = fc.constantFrom(
    "#",
    "##",
    "##vso",
    "vso",
    "V",
    "so[",
    "[",
    "a.b",
    "]",
    "\u200b",
    "\n",
    "\u00ad",
    "\0",
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(marks, anything), { maxLength: 15 }), (parts) => {
      const said = parts.join("").replaceAll("\\", "");
      const shown = azurePipelinesDialect.harmless(said);
      expect(shown.replaceAll("\\", "")).toBe(said.replace(/(?:\r\n|\n|\r)$/, ""));
      for (const comparison of ["code units", "culture"] as const) {
        const { commands, warnings } = readAsAzure(shown, comparison);
        expect([commands, warnings]).toEqual([[], []]);
      }
    }),
    { numRuns: 500 },
  );
});
