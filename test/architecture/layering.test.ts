/** The layers: dependencies point one way only, and the pure ones touch nothing outside their parameters. */
import { expect, test } from "vitest";
import { type Source, sourcesBelow } from "./sources.ts";

const sources = sourcesBelow("src");

/** Folder of src → folders it may import from, besides itself. Types alone where it says so. */
const arrows: Readonly<
  Record<string, { readonly code: readonly string[]; readonly types?: readonly string[] }>
> = {
  step: { code: [] },
  language: { code: ["step"] },
  graph: { code: [], types: ["language"] },
  plan: { code: ["graph", "language", "step"] },
  run: { code: ["plan", "graph", "language", "step"] },
  clients: { code: ["step", "charts"] },
  charts: { code: ["step", "clients"] },
  families: { code: ["step", "clients", "charts"] },
  steps: { code: ["families", "step", "clients", "charts"] },
  preflight: { code: ["step", "clients", "charts"] },
  registry: { code: ["steps", "families", "step"] },
  reporters: { code: ["plan", "step"], types: ["run", "language"] },
  sandbox: { code: [] },
  application: {
    code: [
      "step",
      "language",
      "graph",
      "plan",
      "run",
      "clients",
      "charts",
      "families",
      "preflight",
      "registry",
    ],
  },
  hosts: {
    code: [
      "application",
      "step",
      "language",
      "graph",
      "plan",
      "run",
      "clients",
      "charts",
      "preflight",
      "registry",
      "reporters",
      "sandbox",
    ],
  },
};

const folderOf = (path: string): string => path.split("/")[1] ?? "";

const violations = (of: (source: Source) => readonly string[]): readonly string[] =>
  sources.flatMap((source) => of(source).map((what) => `${source.path}: ${what}`));

test("every folder of src is one that the design names", () => {
  expect([...new Set(sources.map(({ path }) => folderOf(path)))].filter((folder) => !arrows[folder])).toEqual(
    [],
  );
});

test("a folder imports only from those below it", () => {
  const wrong = violations(({ path, imports }) => {
    const from = folderOf(path);
    const { code = [], types = [] } = arrows[from] ?? {};
    return imports
      .filter(({ target, ours }) => ours && target.startsWith("src/"))
      .filter(({ target, typesOnly }) => {
        const to = folderOf(target);
        return !(to === from || code.includes(to) || (typesOnly && types.includes(to)));
      })
      .map(({ target }) => `imports ${target}`);
  });
  expect(wrong).toEqual([]);
});

test("src imports nothing of scripts or test, and no package but by its name", () => {
  const allowed = (target: string) => target.startsWith("src/") || target === "package.json";
  expect(
    violations(({ imports }) =>
      imports.filter(({ target, ours }) => ours && !allowed(target)).map(({ target }) => `imports ${target}`),
    ),
  ).toEqual([]);
});

/** The pure folders, and the packages and parts of Node that each may use: none of them has an effect. */
const pure: Readonly<Record<string, readonly string[]>> = {
  step: ["zod", "node:util"],
  language: ["zod", "yaml", "@actions/expressions"],
  graph: [],
  plan: ["zod", "@actions/expressions", "node:crypto", "node:util"],
};

test("the pure folders import no effect and no SDK", () => {
  const wrong = violations(({ path, imports }) => {
    const packages = pure[folderOf(path)];
    if (!packages) return [];
    return imports
      .filter(({ ours, typesOnly }) => !ours && !typesOnly)
      .filter(({ target }) => !packages.some((name) => target === name || target.startsWith(`${name}/`)))
      .map(({ target }) => `imports ${target}`);
  });
  expect(wrong).toEqual([]);
});

const effects = [
  /\bprocess\b\s*[.[]/,
  /\bDate\.now\b/,
  /\bnew Date\(\s*\)/,
  /\bMath\.random\b/,
  /\brandom(?:UUID|Bytes|Int)\b/,
  /\bperformance\b\s*\./,
  /\bset(?:Timeout|Interval|Immediate)\b/,
  /\bfetch\(/,
  /\bconsole\b\s*\./,
  /\bglobalThis\b/,
];

test("the pure folders use no clock, randomness, network, process or console", () => {
  const wrong = violations(({ path, code }) =>
    pure[folderOf(path)]
      ? effects.flatMap((effect) => code.match(effect)?.slice(0, 1) ?? []).map((found) => `uses ${found}`)
      : [],
  );
  expect(wrong).toEqual([]);
});

test("logic never prints: only hosts write to the console or the process's streams", () => {
  const wrong = violations(({ path, code }) => {
    const printing = code.match(/\bconsole\s*\.\s*\w+|\bprocess\.std(?:out|err)\b/g) ?? [];
    const isHost = folderOf(path) === "hosts" || path === "src/sandbox/main.ts";
    return isHost ? [] : printing.map((found) => `uses ${found}`);
  });
  expect(wrong).toEqual([]);
});
