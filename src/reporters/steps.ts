/** The step types, as a list and one by one: what a person needs to write a step without leaving the terminal. */
import type { Property, Shape, StepManifest } from "../step/shape.ts";
import { type Row, rowsOf, typeText } from "./shape-text.ts";
import { type Style, wrap } from "./style.ts";

/** All of them in the groups of their first word. */
export const renderSteps = (manifests: readonly StepManifest[], style: Style): string => {
  const width = Math.max(0, ...manifests.map(({ type }) => type.length));
  const groups = Map.groupBy(manifests, ({ type }) => type.split("/")[0] ?? type);
  const sections = [...groups].map(([group, members]) => {
    const lines = members
      .toSorted((a, b) => a.type.localeCompare(b.type))
      .flatMap(({ type, summary }) => {
        const [first = "", ...rest] = wrap(summary, Math.max(30, style.columns - width - 5));
        return [
          `  ${type.padEnd(width)}  ${style.faint(first)}`,
          ...rest.map((line) => `  ${" ".repeat(width)}  ${style.faint(line)}`),
        ];
      });
    return [style.strong(group), ...lines].join("\n");
  });
  return `${sections.join("\n\n")}\n\n${style.faint("`provision steps TYPE` shows one's inputs, outputs and an example.")}\n`;
};

/** One type: what it does, its inputs, its outputs, and how it is written. */
export const renderStep = (manifest: StepManifest, style: Style): string => {
  const { type, summary, readOnly, input, output, volatile } = manifest;
  const inputs = rowsOf(input);
  const outputs = rowsOf(output).filter(({ path }) => path !== "kind");
  const kind = output.handle === undefined ? "" : style.faint(`  together a ${output.handle} handle`);
  return [
    style.strong(type),
    ...wrap(summary, style.columns),
    ...(readOnly ? [style.faint("Only reads: nothing is written, nothing is destroyed.")] : []),
    "",
    style.strong("Inputs"),
    ...(inputs.length === 0 ? ["  none"] : rows(inputs, style, inputNote)),
    "",
    `${style.strong("Outputs")}${kind}`,
    ...(outputs.length === 0
      ? ["  none"]
      : rows(outputs, style, ({ path }) => (volatile.includes(path) ? "an update may change it" : ""))),
    "",
    style.strong("Example"),
    ...example(manifest).map((line) => `  ${line}`),
    "",
  ].join("\n");
};

const inputNote = ({ shape, required }: Row): string => {
  if (shape.default !== undefined) return `default ${JSON.stringify(shape.default)}`;
  return required ? "required" : "";
};

const rows = (all: readonly Row[], style: Style, noteOf: (row: Row) => string): readonly string[] => {
  const width = Math.max(...all.map(({ path }) => path.length));
  const room = Math.max(30, style.columns - width - 4);
  return all.flatMap((row) => {
    const type = typeText(row.shape).replaceAll("`", "");
    const [head = "", ...more] = wrap([type, noteOf(row)].filter(Boolean).join(", "), room);
    const description = row.shape.description === undefined ? [] : wrap(row.shape.description, room);
    const indent = " ".repeat(width + 4);
    return [
      `  ${row.required ? style.strong(row.path.padEnd(width)) : row.path.padEnd(width)}  ${style.accent(head)}`,
      ...more.map((line) => `${indent}${style.accent(line)}`),
      ...description.map((line) => `${indent}${style.faint(line)}`),
    ];
  });
};

/** What must be given, with stand-ins that say what belongs there. */
const example = ({ type, input, output }: StepManifest): readonly string[] => {
  const required = Object.entries(input.properties).filter(([, property]) => property.required);
  const id = output.handle ?? type.split("/").at(-1) ?? "step";
  return [
    `${id}:`,
    `  uses: ${type}`,
    ...(required.length > 0 ? ["  with:"] : []),
    ...required.map(([name, property]) => `    ${name}: ${standIn(name, property)}`),
  ];
};

const standIn = (name: string, { shape }: Property): string => {
  const from = (shown: Shape): string => {
    switch (shown.kind) {
      case "string":
        return shown.values?.[0] ?? `my-${name}`;
      case "number":
        return String(shown.minimum ?? 1);
      case "boolean":
        return "true";
      case "null":
        return "null";
      case "literal":
        return JSON.stringify(shown.value);
      case "secret":
        return `\${{ secrets.${name} }}`;
      case "array":
        return `[${from(shown.items)}]`;
      case "object":
        return shown.handle === undefined ? "{}" : `\${{ steps.${shown.handle}.outputs }}`;
      case "record":
      case "json":
        return "{}";
      case "union": {
        const [first] = shown.options;
        return first ? from(first) : "null";
      }
    }
  };
  return from(shape);
};
