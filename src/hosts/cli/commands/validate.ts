/** `provision validate`: checks pipelines, or all of a folder's; needs nothing but their text. */
import { readdir, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { hasPipelineName, openPipeline } from "../../../application/open-pipeline.ts";
import type { Diagnostic } from "../../../language/diagnostic.ts";
import { registry } from "../../../registry/registry.ts";
import { renderDiagnostics } from "../../../reporters/diagnostics.ts";
import { Failure } from "../../../step/failure.ts";
import { exitCodes } from "../../exit-codes.ts";
import type { Command, Invocation } from "../command.ts";
import { styleOf } from "../open.ts";
import { jsonOption, pipelineOptions } from "../options.ts";

export const validate: Command = {
  name: "validate",
  summary: "Check pipelines: types, references, inputs. No credentials, no network.",
  usage: "validate [FILE or FOLDER ...]",
  options: [...pipelineOptions.filter(({ name }) => name === "trust-local-steps"), jsonOption],
  positionals: { least: 0, most: 1_000 },
  examples: [
    { command: "provision validate pipelines", what: "every pipeline of a folder" },
    { command: "provision validate --json provision.yaml", what: "for an editor or a script" },
  ],
  run: async (invocation) => {
    const { given, terminal, machine } = invocation;
    const style = styleOf(invocation);
    const files = await pipelineFiles(invocation);
    const texts = new Map<string, string>();
    const diagnostics: Diagnostic[] = [];
    let steps = 0;
    for (const file of files) {
      const opened = await openPipeline(machine, registry, { file, inputs: [], trustLocalSteps: true });
      texts.set(file, opened.text);
      diagnostics.push(...opened.diagnostics);
      steps += opened.pipeline?.steps.size ?? 0;
    }
    const errors = diagnostics.filter(({ severity }) => severity === "error").length;
    if (given.flag("json")) {
      terminal.out.write(`${JSON.stringify({ version: 1, files, diagnostics })}\n`);
      return errors > 0 ? exitCodes.invalid : exitCodes.done;
    }
    if (diagnostics.length > 0)
      terminal.err.write(renderDiagnostics(diagnostics, (file) => texts.get(file), style));
    const count = (number: number, what: string) => `${number} ${what}${number === 1 ? "" : "s"}`;
    const checked = `${count(files.length, "pipeline")}, ${count(steps, "step")}`;
    const faulty = new Set(
      diagnostics.filter(({ severity }) => severity === "error").map(({ location }) => location.file),
    ).size;
    terminal.out.write(
      errors > 0
        ? `${style.failure(count(errors, "error"))} in ${faulty} of ${count(files.length, "pipeline")}\n`
        : `${style.success("valid")}: ${checked}\n`,
    );
    return errors > 0 ? exitCodes.invalid : exitCodes.done;
  },
};

/** What was named, folders opened one level deep; `provision.yaml` or the folder `pipelines` where nothing was. */
const pipelineFiles = async ({ given, machine }: Invocation): Promise<readonly string[]> => {
  const named = given.positionals.length > 0 ? given.positionals : await defaults(machine.directory);
  const files: string[] = [];
  for (const name of named) {
    const path = resolve(machine.directory, name);
    const folder = await stat(path).then(
      (found) => found.isDirectory(),
      () => false,
    );
    if (!folder) files.push(name);
    else {
      const pipelines = (await readdir(path)).filter(hasPipelineName).sort();
      if (pipelines.length === 0) throw noPipeline(name);
      files.push(...pipelines.map((entry) => join(name, entry)));
    }
  }
  return files;
};

const noPipeline = (folder: string): Failure =>
  new Failure({
    kind: "rejected",
    code: "P0435",
    message: `there is no pipeline in the folder ${folder}: no file that ends in .yaml or .yml`,
    hint: "name a pipeline file, or the folder that they are in: folders inside it are not opened",
    resource: folder,
  });

const defaults = async (directory: string): Promise<readonly string[]> => {
  const found = await stat(resolve(directory, "provision.yaml")).then(
    () => true,
    () => false,
  );
  return [found ? "provision.yaml" : "pipelines"];
};
