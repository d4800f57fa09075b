/** The second pass over `steps:`: each step's input bound to its type, its settings, and what it depends on. */
import { bindObject } from "./bind.ts";
import { bindFreely } from "./bind-free.ts";
import type { CheckContext, Place, StepOutline } from "./context.ts";
import type { Location } from "./diagnostic.ts";
import { parseDuration } from "./duration.ts";
import { asBoolean, asMap, type Fields, fieldsOf, nodeKind, wrongForm } from "./fields.ts";
import type { PipelineStep } from "./pipeline.ts";
import { didYouMean } from "./suggest.ts";
import type { Entry, MapNode, ScalarNode } from "./yaml-tree.ts";

const keys = ["uses", "with", "needs", "if", "timeout", "protect", "adopt", "replace"];

/** Keys that GitHub and Azure Pipelines have on a step, with what stands for them here. */
const elsewhere: Readonly<Record<string, string>> = {
  run: "A step does one declared thing; for code of your own write a local step and `uses: ./steps/name.ts`.",
  id: "The key above is the step's id.",
  name: "The key above is the step's name.",
  env: "Give values under `with`; credentials come from `secrets` and `credentials`.",
  "depends-on": "Use `needs`.",
  dependsOn: "Use `needs`.",
  condition: "Use `if`.",
  "timeout-minutes": "Use `timeout: 90m`.",
  "continue-on-error": "A failed step stops what follows.",
  inputs: "Use `with`.",
};

/** A step as it will run, or nothing where its type is not known. */
export const readStep = (outline: StepOutline, context: CheckContext): PipelineStep | undefined => {
  const { report, source } = context;
  const { id, idSpan, manifest, condition } = outline;
  const dependencies = new Map<string, Location[]>();
  const depend = (step: string, location: Location): void => {
    const known = dependencies.get(step);
    if (known) known.push(location);
    else dependencies.set(step, [location]);
  };
  const fields = fieldsOf(outline.node, `Step \`${id}\``, keys, report, (key) =>
    Object.hasOwn(elsewhere, key) ? elsewhere[key] : undefined,
  );
  const place: Place = { reads: "everything", name: "`with`", step: outline, onStep: depend };
  const given = fields.get("with");
  const node = given ? asMap(given.value, `\`with\` of step \`${id}\``, report) : undefined;
  const usesSpan = fields.get("uses")?.value ?? idSpan;
  const empty: MapNode = { kind: "map", entries: [], start: usesSpan.start, end: usesSpan.end };
  if (!manifest && node) bindFreely(node, context, place);
  const input =
    manifest && (node || !given)
      ? bindObject(
          node ?? empty,
          manifest.input,
          { name: `\`${manifest.type}\``, span: given?.keySpan ?? usesSpan },
          context,
          place,
        )
      : undefined;
  readNeeds(fields.get("needs"), outline, context, depend);
  const timeout = readTimeout(fields.get("timeout"), context);
  const settings = {
    protect: readFlag(fields, "protect", context),
    adopt: readFlag(fields, "adopt", context),
    replace: readReplace(fields.get("replace"), context),
  };
  if (!manifest || !input) return undefined;
  return {
    id,
    uses: outline.uses,
    manifest,
    with: input,
    dependencies,
    ...(condition ? { if: condition } : {}),
    ...(timeout === undefined ? {} : { timeout }),
    ...settings,
    location: source.locate(idSpan),
  };
};

const readNeeds = (
  entry: Entry | undefined,
  outline: StepOutline,
  { report, source, steps }: CheckContext,
  depend: (step: string, location: Location) => void,
): void => {
  if (!entry) return;
  const { value } = entry;
  for (const node of value.kind === "list" ? value.items : [value]) {
    if (node.kind !== "scalar" || typeof node.value !== "string")
      wrongForm(report, node, "`needs`", "a step's id, or a list of them");
    else if (node.value === outline.id)
      report.error("P0117", node, `Step \`${outline.id}\` needs itself.`, { hint: "Delete it." });
    else if (!steps.has(node.value)) {
      const written = node.value;
      report.error("P0116", node, `There is no step \`${written.slice(0, 80)}\`.`, {
        hint: () =>
          written.includes("${{") ? "`needs` holds ids, not expressions." : didYouMean(written, steps.keys()),
      });
    } else depend(node.value, source.locate(node));
  }
};

const readTimeout = (entry: Entry | undefined, { report }: CheckContext): number | undefined => {
  if (!entry) return undefined;
  const { value } = entry;
  const text = value.kind === "scalar" && typeof value.value === "string" ? value.value : undefined;
  const duration = text === undefined ? undefined : parseDuration(text);
  if (duration === undefined)
    report.error(
      "P0108",
      value,
      `${text === undefined ? capital(nodeKind(value)) : `\`${text.slice(0, 40)}\``} is no duration.`,
      {
        hint: "As in `30s`, `90m` or `1h30m`, and more than nothing.",
      },
    );
  return duration;
};

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const readFlag = (fields: Fields, key: "protect" | "adopt", { report }: CheckContext): boolean => {
  const entry = fields.get(key);
  return entry !== undefined && asBoolean(entry.value, `\`${key}\``, report);
};

const readReplace = (entry: Entry | undefined, { report }: CheckContext): boolean => {
  if (!entry) return false;
  const written: ScalarNode["value"] | undefined =
    entry.value.kind === "scalar" ? entry.value.value : undefined;
  if (written !== "allowed" && written !== "never")
    report.error("P0109", entry.value, "`replace` is `allowed` or `never`.", {
      hint: "`allowed` lets the step be destroyed and made anew where a change needs it.",
    });
  return written === "allowed";
};
