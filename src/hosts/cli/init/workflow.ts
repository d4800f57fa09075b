/** The CI workflow, put together from the parts in templates/workflows: begin, one part for each environment, end. */
import { stringify } from "yaml";
import type { Pipeline } from "../../../language/pipeline.ts";
import type { Choices } from "./choices.ts";

export interface WorkflowParts {
  readonly begin: string;
  /** Once for every environment. */
  readonly environment: string;
  readonly end: string;
}

export type WorkflowHost = "github" | "azure-pipelines";

export const workflowFile: Readonly<Record<WorkflowHost, string>> = {
  github: ".github/workflows/provision.yml",
  "azure-pipelines": "azure-pipelines.yml",
};

/** The variables of the environment that the pipeline reads its secrets from. */
export const secretVariables = ({ secrets }: Pipeline): readonly string[] =>
  [...secrets.values()].flatMap(({ source }) => (source.kind === "env" ? [source.variable] : []));

/** Names in the parts: `__NAME__` in a line, or a line of its own, which may become several or none. */
type Placeholders = Readonly<Record<string, string | readonly string[]>>;

export const workflowText = (parts: WorkflowParts, pipeline: Pipeline, choices: Choices): string => {
  const names = choices.environments.map(({ name }) => name);
  const variables = secretVariables(pipeline);
  const everywhere: Placeholders = {
    ENVIRONMENTS: names.join(", "),
    ENVIRONMENT_NAMES: names.join(", "),
    SECRET_NAMES: variables.join(", ") || "none",
    MATRIX: names.map((name) => `${stageName(name)}: { environment: ${name} }`),
    ...hostPlaceholders(choices.ci, variables),
  };
  const ofEnvironment = (name: string, index: number): Placeholders => {
    const before = names[index - 1];
    const job = choices.ci.host === "github" ? (text: string) => text.replace("_", "-") : stageName;
    const needs = [`plan_${name}`, ...(before === undefined ? [] : [`up_${before}`])].map(job);
    return { ...everywhere, ENVIRONMENT: name, STAGE: stageName(name), NEEDS: `[${needs.join(", ")}]` };
  };
  const text = [
    filled(parts.begin, everywhere),
    ...names.map((name, index) => filled(parts.environment, ofEnvironment(name, index))),
    filled(parts.end, everywhere),
  ];
  return text.join("");
};

const hostPlaceholders = (ci: Choices["ci"], variables: readonly string[]): Placeholders => {
  switch (ci.host) {
    case "github": {
      const { reference, version } = ci.action;
      return {
        REPOSITORY: ci.repository,
        ACTION: version === undefined ? reference : `${reference} # ${version}`,
        SECRETS: variables.map((name) => `${name}: \${{ secrets.${name} }}`),
      };
    }
    case "azure-pipelines":
      return {
        SERVICE_CONNECTION: stringify(ci.serviceConnection).trimEnd(),
        SERVICE_CONNECTION_NAME: ci.serviceConnection,
        SECRETS: variables.map((name) => `${name}: $(${name})`),
      };
    case "none":
      return {};
  }
};

/** Azure Pipelines' names are made of letters, digits and `_`; an environment's has no `_`, so none falls together. */
const stageName = (environment: string): string => environment.replaceAll("-", "_");

const filled = (part: string, placeholders: Placeholders): string => {
  const value = (name: string): string | readonly string[] => {
    const found = placeholders[name];
    if (found === undefined) throw new Error(`the workflow's template has an unknown placeholder ${name}`);
    return found;
  };
  const lines: string[] = [];
  for (const line of part.split("\n")) {
    const [, indent = "", alone] = /^( *)__([A-Z]+(?:_[A-Z]+)*)__$/.exec(line) ?? [];
    const found = alone === undefined ? undefined : value(alone);
    if (typeof found === "object") {
      lines.push(...found.map((text) => `${indent}${text}`));
      // A map without entries is left out with the key above it.
      if (found.length === 0) lines.pop();
    } else {
      lines.push(
        line.replace(/__([A-Z]+(?:_[A-Z]+)*)__/g, (_, name: string) => {
          const text = value(name);
          return typeof text === "string" ? text : text.join(", ");
        }),
      );
    }
  }
  return lines.join("\n");
};
