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

/** `bootstrap`: the commands that give the CI host its login. */
export const nextSteps = (
  { environments, ci }: Choices,
  pipeline: Pipeline,
  bootstrap: readonly string[],
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
    case "github": {
      const [planning = "", ...others] = names;
      const variables = ["AZURE_CLIENT_ID", "AZURE_TENANT_ID", "AZURE_SUBSCRIPTION_ID"];
      return [
        look,
        {
          what: "Give each environment its login to Azure, once, as yourself (az login):",
          commands: bootstrap,
        },
        {
          what: `Make the environments, then name reviewers where a person is to approve: https://github.com/${ci.repository}/settings/environments`,
          commands: names.map((name) => `gh api --method PUT repos/${ci.repository}/environments/${name}`),
        },
        {
          what: `Set what the workflow reads. The first three are outputs of ${planning}'s login, which also plans:`,
          commands: [
            ...variables.map((name) => `gh variable set ${name} --repo ${ci.repository}`),
            ...others.map(
              (name) =>
                `gh variable set AZURE_CLIENT_ID --repo ${ci.repository} --env ${name}   # of ${name}'s login`,
            ),
            ...secrets.map((name) => `gh secret set ${name} --repo ${ci.repository}`),
          ],
        },
        ...bringKubeconfig(pipeline),
        commitStep,
      ];
    }
    case "azure-pipelines":
      return [
        look,
        {
          what: `Draft the service connection \`${ci.serviceConnection}\` as pipelines/bootstrap-azure-devops.yaml says, and give it its login, once, as yourself (az login):`,
          commands: bootstrap,
        },
        {
          what: `Make the ${names.length === 1 ? "environment" : "environments"} ${names.join(", ")}, with the checks \`Approvals\` and \`Exclusive lock\`: Pipelines > Environments`,
          commands: [],
        },
        {
          what: "Commit and push, install the extension that brings the task Provision@0, and make the pipeline:",
          commands: [
            "az pipelines create --name provision --yml-path azure-pipelines.yml --skip-first-run",
            ...secrets.map(
              (name) => `az pipelines variable create --pipeline-name provision --secret true --name ${name}`,
            ),
          ],
        },
        ...bringKubeconfig(pipeline),
        { what: "Open a pull request: it gets its plan.", commands: [] },
      ];
  }
};

/** A runner is a new machine: it has no kubeconfig. */
const bringKubeconfig = ({ steps }: Pipeline): readonly NextStep[] =>
  [...steps.values()].some(({ uses }) => uses === "kubernetes/existing-cluster")
    ? [
        {
          what: "Bring the kubeconfig to each job that plans or runs: a step before provision's writes it where the inputs say",
          commands: [],
        },
      ]
    : [];

const commitStep: NextStep = {
  what: "Commit, push, and open a pull request: it gets its plan.",
  commands: [],
};
