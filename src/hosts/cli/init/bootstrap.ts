/** The pipeline that gives a CI host its login to Azure: copied beside the others, run once by a person. */
import { join } from "node:path";
import { checkPipeline } from "../../../language/check.ts";
import type { Pipeline } from "../../../language/pipeline.ts";
import { registry } from "../../../registry/registry.ts";
import type { Choices } from "./choices.ts";
import { requiredInputs } from "./inputs.ts";

export interface Bootstrap {
  /** Relative to the folder that is written to, and to this tool's own alike. */
  readonly path: string;
  readonly text: string;
}

const files: Readonly<Record<Choices["ci"]["host"], string | undefined>> = {
  github: "pipelines/bootstrap-github.yaml",
  "azure-pipelines": "pipelines/bootstrap-azure-devops.yaml",
  none: undefined,
};

/** Undefined where there is no CI host. */
export const bootstrapOf = async (
  { host }: Choices["ci"],
  packageFolder: string,
  readText: (path: string) => Promise<string>,
): Promise<Bootstrap | undefined> => {
  const path = files[host];
  return path === undefined ? undefined : { path, text: await readText(join(packageFolder, path)) };
};

/**
 * What a person types, with every input that has to be given: filled in as far as `init` was told, `...` for the rest.
 * On GitHub each environment gets a login of its own; a service connection is one for all.
 */
export const bootstrapCommands = (
  { path, text }: Bootstrap,
  { ci, environments }: Choices,
): readonly string[] => {
  const { pipeline } = checkPipeline(text, { file: path, manifest: registry.manifest });
  if (!pipeline) throw new Error(`the pipeline ${path} that comes with this tool is not valid`);
  switch (ci.host) {
    case "github": {
      const [, name = ""] = ci.repository.split("/");
      const commands = environments.map((environment, index) =>
        commandFor(path, pipeline, {
          name: identifier(`ci-${name}-${environment.name}`),
          repository: ci.repository,
          environment: environment.name,
          // The first login is also the one that plans.
          ...(index === 0 ? {} : { "pull-requests": "false" }),
        }),
      );
      return pipeline.inputs.has("repository-id") ? [...commands, ...numbers(ci.repository)] : commands;
    }
    case "azure-pipelines":
      return [commandFor(path, pipeline, { "service-connection": ci.serviceConnection })];
    case "none":
      return [];
  }
};

const commandFor = (path: string, pipeline: Pipeline, known: Readonly<Record<string, string>>): string => {
  const given = Object.entries(known).filter(([name]) => pipeline.inputs.has(name));
  const open = requiredInputs(pipeline).filter(({ name }) => !Object.hasOwn(known, name));
  const inputs = [...given, ...open.map(({ name }) => [name, "..."])];
  return [
    "provision up",
    path,
    ...inputs.map(([name, value]) => `--input ${name}=${quoted(value ?? "")}`),
  ].join(" ");
};

const quoted = (value: string): string => (/^[\w./-]+$/.test(value) ? value : `'${value}'`);

/** Of a-z, 0-9 and `-`, as names in a tenant are here, at most 62 characters. */
const identifier = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, 62)
    .replace(/-$/, "");

/** https://docs.github.com/actions/reference/security/oidc: such a repository's tokens name owner and repository by number, too. */
const numbers = (repository: string): readonly string[] => [
  "# where the repository was made since 15 July 2026, each with its numbers:",
  `#   --input owner-id=$(gh api repos/${repository} --jq .owner.id) --input repository-id=$(gh api repos/${repository} --jq .id)`,
];
