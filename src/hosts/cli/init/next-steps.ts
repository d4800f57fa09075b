/** The first screen after `provision init`: what was written, and what to do next, in order. */
import type { Pipeline } from "../../../language/pipeline.ts";
import type { Style } from "../../../reporters/style.ts";
import type { Choices } from "./choices.ts";
import { inputsFile, pipelineFile } from "./pipeline-file.ts";
import { secretVariables } from "./workflow.ts";
import type { Written } from "./write.ts";

export interface NextStep {
  readonly what: string;
  readonly commands: readonly string[];
}

/** Aligned: path, and what it is for. */
export const renderWritten = (written: readonly Written[], { success, warning, faint }: Style): string => {
  const width = Math.max(...written.map(({ file }) => file.path.length));
  return written
    .map(({ file: { path, purpose }, was }) => {
      const sign = was === "new" ? success("+") : warning("~");
      return `  ${sign} ${path.padEnd(width)}  ${faint(purpose)}\n`;
    })
    .join("");
};

export const renderNextSteps = (steps: readonly NextStep[], { strong }: Style): string =>
  steps
    .map(({ what, commands }, index) =>
      [`${index + 1}. ${strong(what)}`, ...commands.map((command) => `     ${command}`)].join("\n"),
    )
    .join("\n");

/** `bootstrap`: the command that gives the CI host its login, where there is a pipeline for it. */
export const nextSteps = (
  { environments, ci }: Choices,
  pipeline: Pipeline,
  bootstrap: string | undefined,
): readonly NextStep[] => {
  const names = environments.map(({ name }) => name);
  const run = (command: string, name: string) =>
    `provision ${command} ${pipelineFile} --inputs ${inputsFile(name)}`;
  const [first = ""] = names;
  const look: NextStep = {
    what: "Look at what would be made. It needs no login:",
    commands: [run("plan --offline", first)],
  };
  const secrets = secretVariables(pipeline);
  switch (ci.host) {
    case "none":
      return [
        look,
        {
          what: "Make it, logged in to Azure (az login, AZURE_SUBSCRIPTION_ID):",
          commands: [...secrets.map((name) => `export ${name}=...`), run("up", first)],
        },
      ];
    case "github":
      return [
        look,
        ...loginStep("Give GitHub its login to Azure, once, as yourself (az login):", bootstrap),
        {
          what: "Set what the workflow reads; the first three are outputs of the step before:",
          commands: [
            ...["AZURE_CLIENT_ID", "AZURE_TENANT_ID", "AZURE_SUBSCRIPTION_ID"].map(
              (name) => `gh variable set ${name} --repo ${ci.repository}`,
            ),
            ...secrets.map((name) => `gh secret set ${name} --repo ${ci.repository}`),
          ],
        },
        {
          what: `Make the environments ${names.join(", ")}, with reviewers where a person is to approve:`,
          commands: [`https://github.com/${ci.repository}/settings/environments`],
        },
        commitStep,
      ];
    case "azure-pipelines":
      return [
        look,
        ...loginStep(
          `Give Azure Pipelines its login, the service connection \`${ci.serviceConnection}\`, once, as yourself (az login):`,
          bootstrap,
        ),
        {
          what: "Make the pipeline from azure-pipelines.yml, with the extension `provision` installed, and its secrets:",
          commands: [
            "az pipelines create --name provision --yml-path azure-pipelines.yml",
            ...secrets.map(
              (name) => `az pipelines variable create --pipeline-name provision --name ${name} --secret true`,
            ),
          ],
        },
        {
          what: `Make the environments ${names.join(", ")}: Pipelines > Environments > Approvals and checks`,
          commands: [],
        },
        commitStep,
      ];
  }
};

const loginStep = (what: string, command: string | undefined): readonly NextStep[] =>
  command === undefined ? [] : [{ what, commands: [command] }];

const commitStep: NextStep = {
  what: "Commit, push, and open a pull request: it gets its plan.",
  commands: [],
};
