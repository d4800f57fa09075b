/** Text → a checked Pipeline, with everything that is wrong told at once. Pure; never throws. */
import type { Manifest } from "../step/shape.ts";
import { mismatch } from "./assign.ts";
import type { CheckContext } from "./context.ts";
import { findCycles } from "./cycles.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { asText, type Fields, fieldsOf, wrongForm } from "./fields.ts";
import { inputShape, readInputs } from "./input-declarations.ts";
import { limits } from "./limits.ts";
import { outlineSteps } from "./outline.ts";
import { readOutputs } from "./outputs.ts";
import type { Pipeline, PipelineStep, Template } from "./pipeline.ts";
import { createReport, type Report } from "./report.ts";
import { hasExpression } from "./scan.ts";
import { readCredentials, readSecrets } from "./secrets.ts";
import { createSource, type Source, type Span } from "./source.ts";
import { readStep } from "./steps.ts";
import { typedScalar } from "./templates.ts";
import { type Entry, type MapNode, parseTree, type TreeNode } from "./yaml-tree.ts";

export interface CheckOptions {
  /** The file's name, as diagnostics show it. */
  readonly file: string;
  /** Every step type that may be used, local ones included, by what is written in `uses`. */
  readonly manifest: Manifest;
}

export interface CheckResult {
  /** Set only where there is no error. */
  readonly pipeline?: Pipeline | undefined;
  /** In the order of the text. */
  readonly diagnostics: readonly Diagnostic[];
}

const keys = ["name", "instance", "inputs", "secrets", "credentials", "steps", "outputs"];

/** Keys that GitHub and Azure Pipelines have at the top, with what stands for them here. */
const elsewhere: Readonly<Record<string, string>> = {
  jobs: "A pipeline has `steps` alone; their order comes from references and `needs`.",
  stages: "A pipeline has `steps` alone; their order comes from references and `needs`.",
  on: "What starts a pipeline is said in the workflow that runs it.",
  trigger: "What starts a pipeline is said in the workflow that runs it.",
  env: "Declare `inputs` for settings and `secrets` for what is secret.",
  variables: "Declare `inputs` for settings and `secrets` for what is secret.",
  parameters: "Use `inputs`.",
  permissions: "Permissions belong into the workflow that runs the pipeline.",
};

/** Checks a pipeline's text against the step types there are. */
export const checkPipeline = (text: string, options: CheckOptions): CheckResult => {
  const source = createSource(options.file, text);
  const report = createReport(source);
  const root = parseTree(source, report);
  const pipeline = root && readDocument(root, source, report, options.manifest);
  const diagnostics = report.diagnostics.toSorted(
    ({ location: { start: a } }, { location: { start: b } }) => a.line - b.line || a.column - b.column,
  );
  return report.errors === 0 && pipeline ? { pipeline, diagnostics } : { diagnostics };
};

/** The `uses: ./…` paths as they are written, each once, so that a host can load these steps into the manifest. */
export const usesLocalSteps = (text: string): readonly string[] => {
  if (!/uses["']?[ \t]*:\s*["']?\.\//.test(text)) return [];
  const source = createSource("", text);
  const root = parseTree(source, createReport(source));
  const steps = entryOf(root, "steps")?.value;
  if (steps?.kind !== "map") return [];
  const paths = steps.entries.flatMap(({ value }) => {
    const uses = entryOf(value, "uses")?.value;
    return uses?.kind === "scalar" && typeof uses.value === "string" ? [uses.value] : [];
  });
  return [...new Set(paths.filter((path) => path.startsWith("./")))];
};

const entryOf = (node: TreeNode | undefined, key: string): Entry | undefined =>
  node?.kind === "map" ? node.entries.find((entry) => entry.key === key) : undefined;

const readDocument = (
  root: TreeNode,
  source: Source,
  report: Report,
  manifest: Manifest,
): Pipeline | undefined => {
  if (root.kind !== "map") {
    wrongForm(report, root, "A pipeline", "a map", "It starts with `name:` and `steps:`.");
    return undefined;
  }
  const fields = fieldsOf(root, "A pipeline", keys, report, (key) =>
    Object.hasOwn(elsewhere, key) ? elsewhere[key] : undefined,
  );
  const name = readName(fields.get("name"), root, report);
  const inputs = readInputs(fields.get("inputs"), source, report);
  const secretsEntry = fields.get("secrets");
  const secrets = readSecrets(secretsEntry, source, report);
  const declared: CheckContext = {
    source,
    report,
    manifest,
    inputs: new Map([...inputs].map(([key, declaration]) => [key, inputShape(declaration)])),
    secrets: spansOf(secretsEntry?.value, secrets),
    steps: new Map(),
    usedSecrets: new Set(),
  };
  const instance = readInstance(fields, name, declared);
  const context: CheckContext = { ...declared, steps: readOutlines(fields.get("steps"), root, declared) };

  const steps = new Map<string, PipelineStep>();
  for (const outline of context.steps.values()) {
    const step = readStep(outline, context);
    if (step) steps.set(step.id, step);
  }
  reportCycles(steps, context);
  const credentials = readCredentials(fields.get("credentials"), context);
  const outputs = readOutputs(fields.get("outputs"), context);
  reportUnusedSecrets(context);
  if (name === undefined || !instance) return undefined;
  return {
    name,
    file: source.file,
    location: source.locate(root),
    instance,
    inputs,
    secrets,
    credentials,
    steps,
    outputs,
  };
};

/** Where each declared name stands. */
const spansOf = (
  node: TreeNode | undefined,
  declared: ReadonlyMap<string, unknown>,
): ReadonlyMap<string, Span> =>
  new Map(
    node?.kind === "map"
      ? node.entries.filter(({ key }) => declared.has(key)).map(({ key, keySpan }) => [key, keySpan])
      : [],
  );

const readName = (entry: Entry | undefined, root: MapNode, report: Report): string | undefined => {
  if (!entry) {
    report.error("P0103", { start: root.start, end: root.start }, "A pipeline needs a `name`.", {
      hint: "It marks what the pipeline makes, as in `name: aks-nginx-flux`.",
    });
    return undefined;
  }
  const name = asText(entry.value, "`name`", report, "P0104");
  if (name === undefined) return undefined;
  if (/^[a-z0-9-]+$/.test(name) && name.length <= limits.nameLength) return name;
  report.error("P0104", entry.value, `A name has 1 to ${limits.nameLength} of a-z, 0-9 and \`-\`.`, {
    hint: hasExpression(name)
      ? "The name is fixed; what differs between installations goes into `instance`."
      : undefined,
  });
  return undefined;
};

const readInstance = (
  fields: Fields,
  name: string | undefined,
  context: CheckContext,
): Template | undefined => {
  const entry = fields.get("instance");
  const nameNode = fields.get("name")?.value;
  if (!entry)
    return name === undefined || !nameNode
      ? undefined
      : { kind: "scalar", value: name, location: context.source.locate(nameNode) };
  if (entry.value.kind !== "scalar") {
    wrongForm(context.report, entry.value, "`instance`", "a text");
    return undefined;
  }
  const { template, shape } = typedScalar(entry.value, context, { reads: "inputs", name: "`instance`" });
  const problem = shape && mismatch(shape, { kind: "string", minimumLength: 1 });
  if (problem)
    context.report.error(problem.code, entry.value, `\`instance\` ${problem.message}.`, {
      hint: problem.hint,
    });
  return template;
};

const readOutlines = (
  entry: Entry | undefined,
  root: MapNode,
  context: CheckContext,
): CheckContext["steps"] => {
  if (entry) return outlineSteps(entry, context);
  context.report.error("P0103", { start: root.start, end: root.start }, "A pipeline needs `steps`.");
  return new Map();
};

const reportCycles = (
  steps: ReadonlyMap<string, PipelineStep>,
  { report, steps: outlines }: CheckContext,
): void => {
  const dependencies = new Map([...steps].map(([id, step]) => [id, step.dependencies]));
  for (const cycle of findCycles(dependencies)) {
    const [first] = cycle.steps;
    const outline = first === undefined ? undefined : outlines.get(first);
    if (!outline || first === undefined) continue;
    const shown = [...cycle.steps.slice(0, 8), ...(cycle.steps.length > 8 ? ["…"] : []), first];
    report.error("P0115", outline.idSpan, `Steps need each other in a circle: ${shown.join(" → ")}.`, {
      related: cycle.edges,
      hint: `One of these ${cycle.steps.length} references must go.`,
    });
  }
};

const reportUnusedSecrets = ({ secrets, usedSecrets, report }: CheckContext): void => {
  for (const [name, span] of secrets)
    if (!usedSecrets.has(name))
      report.warning("P0114", span, `Secret \`${name}\` is never used.`, {
        hint: "Delete it, or refer to it.",
      });
};
