/** Everything that `provision init` writes, as paths and texts. Pure. */

import type { Pipeline } from "../../../language/pipeline.ts";
import { pipelineSchema } from "../../../language/schema.ts";
import { registry } from "../../../registry/registry.ts";
import type { Choices } from "./choices.ts";
import { instanceInput } from "./inputs.ts";
import { inputsFile, inputsText, pipelineFile, pipelineText, schemaFile } from "./pipeline-file.ts";
import { type WorkflowParts, workflowFile, workflowText } from "./workflow.ts";

export interface GeneratedFile {
  /** Relative, with `/`. */
  readonly path: string;
  readonly text: string;
  /** What it is for, for the list of what was written. */
  readonly purpose: string;
}

/** `bootstrap`: the pipeline that gives the CI host its login, where this tool brings one. */
export interface Sources {
  readonly workflow: WorkflowParts | undefined;
  readonly bootstrap: { readonly path: string; readonly text: string } | undefined;
}

export const generatedFiles = (
  choices: Choices,
  pipeline: Pipeline,
  { workflow, bootstrap }: Sources,
): readonly GeneratedFile[] => {
  const { environments, ci } = choices;
  const own = instanceInput(pipeline);
  return [
    {
      path: pipelineFile,
      text: pipelineText(choices.pipeline, environments[0]?.name ?? ""),
      purpose: `the pipeline ${choices.pipeline.name}`,
    },
    {
      path: schemaFile,
      text: `${JSON.stringify(pipelineSchema(registry.manifest))}\n`,
      purpose: "for completion and checks in an editor",
    },
    ...environments.map((environment) => ({
      path: inputsFile(environment.name),
      text: inputsText(pipeline, environment),
      purpose: own ? `its inputs: ${own.name} ${environment.inputs.get(own.name)}` : "its inputs",
    })),
    ...(ci.host === "none" || !workflow
      ? []
      : [
          {
            path: workflowFile[ci.host],
            text: workflowText(workflow, pipeline, choices),
            purpose: "plan on pull requests, up on main, status every night",
          },
        ]),
    ...(bootstrap
      ? [
          {
            path: bootstrap.path,
            text: bootstrap.text.replace("$schema=../schema.json", `$schema=../${schemaFile}`),
            purpose: "gives CI its login, once",
          },
        ]
      : []),
  ];
};
