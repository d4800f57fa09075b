/** Reads the product's own source files for the tests of its architecture: imports, and code without its text. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix, relative, resolve } from "node:path";

const root = resolve(import.meta.dirname, "../..");

export interface Import {
  /** Below the root for a file of ours (`src/step/ref.ts`), else as written (`node:fs`, `zod`). */
  readonly target: string;
  readonly ours: boolean;
  /** `import type`, gone at run time. */
  readonly typesOnly: boolean;
}

export interface Source {
  /** Below the root, with `/`. */
  readonly path: string;
  readonly text: string;
  /** The text with comments, strings and regular expressions emptied. */
  readonly code: string;
  readonly imports: readonly Import[];
}

/** All hand-written TypeScript below a folder, sorted by path. */
export const sourcesBelow = (folder: string): readonly Source[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts") && !name.endsWith(".generated.ts"))
    .map((name) => posix.join(folder, name.replaceAll("\\", "/")))
    .sort()
    .map((path) => {
      const text = readFileSync(join(root, path), "utf8");
      return { path, text, code: codeOf(text), imports: importsOf(path, text) };
    });

const statement = /^(?:import|export)\s+(type\s)?(?:[^;"']*?\sfrom\s+)?"([^"]+)"/gm;
const dynamic = /\bimport\(\s*"([^"]+)"/g;

const importsOf = (path: string, text: string): readonly Import[] => {
  const found = [
    ...[...text.matchAll(statement)].map((match) => ({
      target: match[2],
      typesOnly: match[1] !== undefined,
    })),
    ...[...text.matchAll(dynamic)].map((match) => ({ target: match[1], typesOnly: false })),
  ];
  return found.map(({ target = "", typesOnly }) =>
    target.startsWith(".")
      ? { target: relative(root, resolve(root, dirname(path), target)), ours: true, typesOnly }
      : { target, ours: false, typesOnly },
  );
};

// One token at a time, longest first: what is text (a comment, a string, a template's text, a regular expression
// where a value may begin) and whatever else stands there.
const token =
  /\/\/[^\n]*|\/\*[\s\S]*?\*\/|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`|(?<=[(,=:[!&|?{};\n>]\s*|return\s+)\/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\/[a-z]*|[\s\S]/g;

const codeOf = (text: string): string =>
  text.replace(token, (part) => {
    if (part.length === 1) return part;
    // Code inside a template's `${}` is code.
    if (part.startsWith("`"))
      return `\`${[...part.matchAll(/\$\{([^}]*)\}/g)].map((match) => match[1]).join(" ; ")}\``;
    return part.startsWith("/") ? " " : '""';
  });
