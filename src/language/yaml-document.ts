/** Text → a document of the `yaml` package, in bounded time and depth, with its problems under codes of our own. */
import { Composer, type Document, Lexer, Parser, type YAMLError } from "yaml";
import type { Code } from "./codes.ts";
import { limits } from "./limits.ts";
import type { Report } from "./report.ts";
import type { Source, Span } from "./source.ts";

const expressionHint = `Inside \`{ }\` and \`[ ]\`, and where it holds \`: \` or \` #\`, an expression needs quotes: "\${{ inputs.x }}".`;

/** The first document of the text; every problem of the YAML itself is reported. Nothing where it is too deep. */
export const composeYaml = (source: Source, report: Report): Document.Parsed | undefined => {
  const composer = new Composer({
    schema: "core",
    stringKeys: true,
    // The library's own check compares each key with every other one; ours is in the tree.
    uniqueKeys: false,
    strict: true,
  });
  const parser = new Parser();
  const documents: Document.Parsed[] = [];
  const feed = (token: Parameters<Composer["next"]>[0]): void => {
    if (token.type === "directive")
      report.error("P0007", at(token.offset, token.source.length), "A pipeline has no YAML directives.", {
        hint: "Delete the line.",
      });
    documents.push(...composer.next(token));
  };
  for (const lexeme of new Lexer().lex(source.text)) {
    for (const token of parser.next(lexeme)) feed(token);
    // Each level is a map or list and the scalar in it. Checked while parsing, since composing is recursive.
    if (parser.stack.length > 2 * limits.depth + 8) {
      report.error("P0003", at(parser.offset, 1), `The nesting is deeper than ${limits.depth} levels.`);
      return undefined;
    }
  }
  for (const token of parser.end()) feed(token);
  documents.push(...composer.end(true, source.text.length));

  const problems = documents.flatMap((document) => [...document.errors, ...document.warnings]);
  if (report.errors === 0) reportProblems(problems, source, report);
  const second = documents[1];
  if (second && report.errors === 0)
    report.error("P0006", at(second.range[0], 0), "A file holds one pipeline, hence one document.", {
      hint: "Put each pipeline into a file of its own.",
    });
  return documents[0];
};

const at = (start: number, length: number): Span => ({ start, end: start + length });

const codesOfProblems: Partial<Record<YAMLError["code"], Code>> = {
  TAB_AS_INDENT: "P0004",
  BAD_ALIAS: "P0008",
  ALIAS_PROPS: "P0008",
  BAD_DIRECTIVE: "P0007",
  TAG_RESOLVE_FAILED: "P0010",
  NON_STRING_KEY: "P0011",
  RESOURCE_EXHAUSTION: "P0003",
};

/** How the library words that a `{` or `[` was still open where the parser gave up on it. */
const leftOpen = /flow-error-end/;

/** The first problem of each line: what follows it there is its echo, and so is a bracket that was left open. */
const reportProblems = (problems: readonly YAMLError[], source: Source, report: Report): void => {
  const lines = new Set<number>();
  for (const problem of problems) {
    if (lines.size > 0 && leftOpen.test(problem.message)) continue;
    const { line } = source.locate({ start: problem.pos[0], end: problem.pos[1] }).start;
    if (lines.has(line) || lines.size >= limits.yamlProblems) continue;
    lines.add(line);
    reportProblem(problem, source, report);
  }
};

const reportProblem = (problem: YAMLError, source: Source, report: Report): void => {
  const [start, end] = problem.pos;
  const lineStart = source.text.lastIndexOf("\n", start - 1) + 1;
  const lineEnd = source.text.indexOf("\n", start);
  const line = source.text.slice(lineStart, lineEnd === -1 ? undefined : lineEnd);
  const code = codesOfProblems[problem.code] ?? "P0005";
  // The library quotes the offending text, which may be long.
  const message = leftOpen.test(problem.message)
    ? "A `{` or `[` before this place is not closed."
    : (problem.message.split("\n", 1)[0] ?? "");
  const shown = message.length > 200 ? `${message.slice(0, 200)}…` : message;
  report.error(code, { start, end }, code === "P0011" ? "A key must be a string." : shown, {
    hint: hintOf(code, line),
  });
};

const hintOf = (code: Code, line: string): string | undefined => {
  if (code === "P0004") return "Indent with spaces.";
  if (code === "P0010") return "Text that starts with `!`, as a condition may, needs quotes.";
  if (line.includes("${{")) return expressionHint;
  return code === "P0005"
    ? "Look at this line and the one before it: indentation, quotes, brackets, a missing `:`."
    : undefined;
};
