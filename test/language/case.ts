/** Language cases as data: a header, a pipeline, and what the language says of it, divided by lines of `---`. */
import { readdirSync, readFileSync } from "node:fs";
import { z } from "zod";

export const casesDirectory = new URL("../cases/language/", import.meta.url);

export interface Case {
  /** The file's name without its ending. */
  readonly name: string;
  readonly title: string;
  /** What the JSON Schema says of the text. */
  readonly schema: "accepts" | "refuses" | "not-applicable";
  /** Values for inputs, as a JSON object; they are resolved where the pipeline has no error. */
  readonly given: Readonly<Record<string, unknown>> | undefined;
  /** How many lines of what is said are kept, where they are very many. */
  readonly shown: number;
  readonly text: string;
  readonly expected: string;
  /** The file up to what is expected, for rewriting it. */
  readonly head: string;
}

const header = z.strictObject({
  title: z.string(),
  schema: z.enum(["accepts", "refuses", "not-applicable"]),
  given: z
    .string()
    .transform((text) => z.record(z.string(), z.unknown()).parse(JSON.parse(text)))
    .optional(),
  show: z
    .string()
    .regex(/^first \d+$/)
    .transform((text) => Number(text.slice("first ".length)))
    .optional(),
});

const divider = "\n---\n";

/** Reads a case file. The first divider ends the header, the last one the pipeline, which may have some itself. */
export const parseCase = (name: string, content: string): Case => {
  const first = content.indexOf(divider);
  const last = content.lastIndexOf(divider);
  if (first === -1 || last <= first) throw new Error(`${name}: a case has a header, a pipeline and a result`);
  const lines = content.slice(0, first).split("\n");
  const fields = header.parse(
    Object.fromEntries(
      lines.map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1).trim()]),
    ),
  );
  return {
    name,
    title: fields.title,
    schema: fields.schema,
    given: fields.given,
    shown: fields.show ?? Number.POSITIVE_INFINITY,
    text: repeated(content.slice(first + divider.length, last + 1)),
    expected: content.slice(last + divider.length),
    head: content.slice(0, last + divider.length),
  };
};

/** `#repeat 3: s{n}: x` stands for three lines, so that large files need no large case. */
const repeated = (text: string): string =>
  text.replaceAll(/^#repeat (\d+): ?(.*)$/gm, (_, count: string, line: string) =>
    Array.from({ length: Number(count) }, (_, index) => line.replaceAll("{n}", String(index))).join("\n"),
  );

export const readCases = (): readonly Case[] =>
  readdirSync(casesDirectory)
    .filter((file) => file.endsWith(".case"))
    .toSorted()
    .map((file) =>
      parseCase(file.slice(0, -".case".length), readFileSync(new URL(file, casesDirectory), "utf8")),
    );
