/** The house style that neither the type checker nor the linter holds. */
import { expect, test } from "vitest";
import { sourcesBelow } from "./sources.ts";

const product = sourcesBelow("src");
const all = [...product, ...sourcesBelow("scripts")];

test("no file is longer than 250 lines", () => {
  const long = all.map(({ path, text }) => ({ path, lines: text.trimEnd().split("\n").length }));
  expect(long.filter(({ lines }) => lines > 250).map(({ path, lines }) => `${path}: ${lines}`)).toEqual([]);
});

test("every file begins with a comment that says what it is for", () => {
  const begins = /^(?:#!.*\n)?(?:\/\/ |\/\*\*)/;
  expect(all.filter(({ text }) => !begins.test(text)).map(({ path }) => path)).toEqual([]);
});

test("no type is forced: no cast but `as const`, no suppressed error", () => {
  const casts = all.flatMap(({ path, code }) => {
    const withoutImports = code.replace(/^(?:import|export)\s+(?:type\s+)?(?:\*|\{)[^}]*\}?[^\n]*/gm, "");
    const found = withoutImports.match(/[\w)\]}>]\s+as\s+(?!const\b)[\w[{(]+[^\n;,)]*/g) ?? [];
    return found.map((cast) => `${path}: ${cast}`);
  });
  expect(casts).toEqual([]);
  const suppressed = /@ts-(?:ignore|nocheck|expect-error)|biome-ignore/;
  expect(all.filter(({ text }) => suppressed.test(text)).map(({ path }) => path)).toEqual([]);
});

// cert-manager is a product's name.
const saysNothing = (path: string) =>
  /(?:^|[-/.])(?:utils?|helpers?|managers?|misc|common)(?=[-/.]|$)/.test(path.replaceAll("cert-manager", ""));

test("no name says nothing: utils, helpers, manager, misc, common", () => {
  expect(all.map(({ path }) => path).filter(saysNothing)).toEqual([]);
});

test("nothing is left to be done: no TODO, no FIXME", () => {
  expect(all.filter(({ text }) => /\b(?:TODO|FIXME|XXX|HACK)\b/.test(text)).map(({ path }) => path)).toEqual(
    [],
  );
});
