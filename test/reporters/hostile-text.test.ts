/** Text of others, wherever it stands in what we say to a CI host, is never taken for a command. */
import { expect, test } from "vitest";
import { azurePipelinesDialect } from "../../src/reporters/azure-pipelines/commands.ts";
import { githubDialect } from "../../src/reporters/github/commands.ts";
import type { Annotation, LogDialect } from "../../src/reporters/log-dialect.ts";
import type { Comparison } from "./dotnet-text.ts";
import { hostileTexts, plainCommands } from "./hostile-text.ts";
import { type Reading, readAsAzure, readAsGithub } from "./runner-parsers.ts";

interface Host {
  readonly name: string;
  readonly dialect: LogDialect;
  readonly read: (output: string) => Reading;
}

const comparisons: readonly Comparison[] = ["code units", "culture"];
const anyName = () => true;

/** GitHub's runner twice: with the commands it has, and with any that it may get. */
const hosts: readonly Host[] = comparisons.flatMap((comparison) => [
  {
    name: `GitHub, ${comparison}`,
    dialect: githubDialect,
    read: (output: string) => readAsGithub(output, comparison),
  },
  {
    name: `GitHub, ${comparison}, any name`,
    dialect: githubDialect,
    read: (output: string) => readAsGithub(output, comparison, anyName),
  },
  {
    name: `Azure Pipelines, ${comparison}`,
    dialect: azurePipelinesDialect,
    read: (output: string) => readAsAzure(output, comparison),
  },
]);

const names = (reading: Reading): readonly string[] => reading.commands.map(({ name }) => name);

/** What the log's viewer would draw: `##[...]` at the beginning of a line, and so that nothing is missed, anywhere. */
const drawn = (reading: Reading): readonly string[] =>
  reading.log.flatMap((line) => [...line.matchAll(/##\[[^\]]*\]?/g)].map(([mark]) => mark));

const withoutBreaks = (text: string): string => text.replaceAll("\\", "");
const withoutLastEnd = (text: string): string => text.replace(/(?:\r\n|\n|\r)$/, "");
const onOneLine = (text: string): string => text.replace(/\r\n|[\n\v\f\r\u0085\u2028\u2029]/g, " ").trim();
const hasHashMark = (text: string): boolean =>
  /##(?:\[|vso)/i.test(text.replace(/[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]/gu, ""));

/** As it was but for the backslashes that break marks, and to the last character where it has no mark. */
const expectIntact = (shown: string | undefined, text: string): void => {
  expect(withoutBreaks(shown ?? "")).toBe(withoutBreaks(text));
  if (!hasHashMark(text)) expect(shown ?? "").toBe(text);
};

const place = (file: string) => ({ file, line: 7, column: 3 });

test("the hostile texts are 500 different ones, and would do harm if they were printed as they are", () => {
  expect(new Set(hostileTexts).size).toBe(500);
  const onGithub = hostileTexts.filter((text) => readAsGithub(text, "code units").commands.length > 0);
  const onAzure = hostileTexts.filter((text) => readAsAzure(text, "code units").commands.length > 0);
  expect(onGithub.length).toBeGreaterThan(100);
  expect(onAzure.length).toBeGreaterThan(100);
  expect(new Set([...onGithub, ...onAzure]).size).toBeGreaterThan(250);
  const acted = plainCommands.map((text) => [
    readAsGithub(text, "code units").commands.length,
    readAsAzure(text, "code units").commands.length,
  ]);
  expect(acted.filter(([github]) => github === 1).length).toBeGreaterThan(20);
  expect(acted.filter(([, azure]) => azure === 1).length).toBeGreaterThan(9);
});

test("a break that cannot be seen would not do: the comparison of both hosts passes over it", () => {
  const marked = "#\u200b#[add-mask]e";
  expect(readAsGithub(marked, "code units", anyName).commands).toEqual([]);
  expect(names(readAsGithub(marked, "culture", anyName))).toEqual(["[add-mask"]);
  expect(readAsAzure("##\u200bvso", "culture").warnings).toHaveLength(1);
});

for (const { name, dialect, read } of hosts) {
  test(`${name}: as plain text nothing is acted on, drawn or complained about, and all of it can be read`, () => {
    for (const text of hostileTexts) {
      const shown = dialect.harmless(text);
      const reading = read(shown);
      expect([reading.commands, drawn(reading), reading.warnings]).toEqual([[], [], []]);
      expect(withoutBreaks(shown)).toBe(withoutBreaks(withoutLastEnd(text)));
      expect(dialect.harmless(shown)).toBe(withoutLastEnd(shown));
    }
  });

  test(`${name}: as the title of a group it is the title of that group and nothing else`, () => {
    for (const text of hostileTexts) {
      const reading = read([dialect.groupStart(text), dialect.groupEnd()].join("\n"));
      const github = dialect === githubDialect;
      expect(names(reading)).toEqual(github ? ["group", "endgroup"] : []);
      expect(drawn(reading)).toEqual(["##[group]", "##[endgroup]"]);
      expect([reading.log.length, reading.warnings]).toEqual([2, []]);
      expectIntact(reading.log[0]?.slice("##[group]".length), onOneLine(text));
    }
  });

  test(`${name}: a mask is a mask of exactly that text`, () => {
    for (const text of hostileTexts.filter((hostile) => !/[\r\n]/.test(hostile))) {
      const reading = read(dialect.mask(text));
      expect(reading.commands.map(({ data }) => data)).toEqual(text.trim() === "" ? [] : [text]);
      expect(reading.commands.every((command) => /^(?:add-mask|task\.setsecret)$/.test(command.name))).toBe(
        true,
      );
      expect([drawn(reading), reading.warnings]).toEqual([[], []]);
    }
  });

  test(`${name}: everything at once is what we meant, line by line, and nothing more`, () => {
    const output = hostileTexts.flatMap((text, index) => {
      const other = hostileTexts[(index * 7 + 1) % hostileTexts.length] ?? "";
      const annotation: Annotation = { severity: "warning", title: text, message: other, place: place(text) };
      return [
        dialect.groupStart(text),
        dialect.harmless(other),
        dialect.annotation(annotation),
        dialect.annotation({ ...annotation, severity: "notice" }),
        dialect.groupEnd(),
      ];
    });
    const meant = dialect === githubDialect ? ["group", "warning", "notice", "endgroup"] : ["task.logissue"];
    const reading = read(output.join("\n"));
    expect(names(reading)).toEqual(hostileTexts.flatMap(() => meant));
    expect(reading.warnings).toEqual([]);
  });
}

for (const comparison of comparisons) {
  test(`GitHub, ${comparison}: an annotation says what it was given, in each of its fields`, () => {
    for (const [index, text] of hostileTexts.entries()) {
      const severity = (["error", "warning", "notice"] as const)[index % 3] ?? "error";
      const line = githubDialect.annotation({ severity, title: text, message: text, place: place(text) });
      const { commands, log } = readAsGithub(line, comparison, anyName);
      expect([line.includes("\n"), line.includes("\r"), commands.length]).toEqual([false, false, 1]);
      const [command] = commands;
      expect(command?.name).toBe(severity);
      // The runner cuts `=` off the beginning of a value, and drops a value of nothing.
      const title = onOneLine(text).replace(/^=+/, "");
      const file = text.replace(/^=+/, "");
      expect(command?.properties).toEqual({
        ...(file === "" ? {} : { file }),
        line: "7",
        col: "3",
        ...(title === "" ? {} : { title }),
      });
      expectIntact(command?.data, text);
      expect(drawn({ commands, log, warnings: [] })).toEqual([`##[${severity}]`]);
    }
  });

  test(`Azure Pipelines, ${comparison}: an issue says what it was given, in each of its fields`, () => {
    for (const [index, text] of hostileTexts.entries()) {
      const severity = (["error", "warning"] as const)[index % 2] ?? "error";
      const at = place(`src/${text}`);
      const line = azurePipelinesDialect.annotation({ severity, title: text, message: text, place: at });
      const reading = readAsAzure(line, comparison);
      expect([line.includes("\n"), line.includes("\r"), names(reading)]).toEqual([
        false,
        false,
        ["task.logissue"],
      ]);
      const { sourcepath, ...properties } = reading.commands[0]?.properties ?? {};
      expect(properties).toEqual({ type: severity, linenumber: "7", columnnumber: "3" });
      expectIntact(sourcepath, at.file);
      expectIntact(reading.commands[0]?.data, `${text}: ${text}`);
      expect([drawn(reading), reading.warnings]).toEqual([[`##[${severity}]`], []]);
    }
  });

  test(`Azure Pipelines, ${comparison}: a notice is text, and says what it was given`, () => {
    for (const text of hostileTexts) {
      const shown = azurePipelinesDialect.annotation({
        severity: "notice",
        title: text,
        message: "so it is",
        place: place(text),
      });
      const reading = readAsAzure(shown, comparison);
      expect([reading.commands, drawn(reading), reading.warnings]).toEqual([[], [], []]);
      expect(withoutBreaks(shown)).toContain(withoutBreaks(text));
    }
  });
}
