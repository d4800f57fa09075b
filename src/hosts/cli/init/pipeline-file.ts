/** `provision.yaml` and the inputs file of each environment, as text. */
import { stringify } from "yaml";
import type { InputDeclaration, Pipeline } from "../../../language/pipeline.ts";
import { wrap } from "../../../reporters/style.ts";
import type { Scalar } from "../../../step/shape.ts";
import type { Environment } from "./choices.ts";
import { instanceInput } from "./inputs.ts";
import type { ShippedPipeline } from "./shipped-pipelines.ts";

export const schemaFile = "provision.schema.json";
export const pipelineFile = "provision.yaml";
export const inputsFile = (environment: string): string => `environments/${environment}.yaml`;

const width = 118;

const comment = (text: string, indent = ""): readonly string[] =>
  wrap(text, width).map((line, index) => `# ${index === 0 ? "" : indent}${line}`);

/** The pipeline with a first comment that is true of where it stands now. */
export const pipelineText = ({ name, text, gives, needs }: ShippedPipeline, environment: string): string => {
  const body = text.replace(/^(?:#.*\n)+/, "");
  const inputs = `--inputs ${inputsFile(environment)}`;
  const head = [
    `# yaml-language-server: $schema=${schemaFile}`,
    ...comment(`What you get: ${gives}`, "  "),
    ...comment(`What you need: ${needs}`, "  "),
    `# What to type: provision plan --offline ${pipelineFile} ${inputs}`,
    `#   then the same with up in place of plan --offline; to try it without a cloud, with up --sandbox.`,
    ...comment(
      `Made by \`provision init\` from the pipeline ${name}, and yours to change. What differs between environments stands in environments/. An editor checks and completes this file by ${schemaFile}, which \`provision schema\` prints.`,
    ),
  ];
  return `${head.join("\n")}\n${body}`;
};

/** What has a value here first, then, as comments, what may be given one. */
export const inputsText = (pipeline: Pipeline, { name, inputs }: Environment): string => {
  const own = instanceInput(pipeline);
  const all = [...pipeline.inputs.values()];
  const set = all.filter((input) => inputs.has(input.name));
  const open = all.filter((input) => !inputs.has(input.name));
  const entry = (input: InputDeclaration, value: Scalar): string =>
    stringify({ [input.name]: value }, { lineWidth: 0, blockQuote: false }).trimEnd();
  const lines = [
    `# The inputs of ${pipelineFile} in the environment ${name}. Look at what they make of it:`,
    `#   provision plan --offline ${pipelineFile} --inputs ${inputsFile(name)}`,
    ...set.flatMap((input) => {
      const apart =
        input.name === own?.name ? ["What tells the environments apart: never the same in two."] : [];
      return ["", ...describedAs(input, ...apart), entry(input, inputs.get(input.name) ?? "")];
    }),
    ...(open.length > 0
      ? ["", "# What follows has these values already. Take the # away to change one."]
      : []),
    ...open.flatMap((input) => [
      "",
      ...describedAs(input),
      entry(input, input.default ?? "").replace(/^/gm, "# "),
    ]),
  ];
  return `${lines.join("\n")}\n`;
};

const describedAs = ({ description }: InputDeclaration, ...more: readonly string[]): readonly string[] => {
  const sentences = [...(description === undefined ? [] : [description]), ...more];
  return sentences.length === 0 ? [] : comment(sentences.map(ended).join(" "));
};

const ended = (sentence: string): string => (/[.!?]$/.test(sentence) ? sentence : `${sentence}.`);
