/** The pipeline that gives a CI host its login to Azure: copied beside the others, run once by a person. */
import { join } from "node:path";
import { checkPipeline } from "../../../language/check.ts";
import { registry } from "../../../registry/registry.ts";
import type { ContinuousIntegration } from "./choices.ts";
import { requiredInputs } from "./inputs.ts";

export interface Bootstrap {
  /** Relative to the folder that is written to, and to this tool's own alike. */
  readonly path: string;
  readonly text: string;
}

const files: Readonly<Record<ContinuousIntegration["host"], string | undefined>> = {
  github: "pipelines/bootstrap-github.yaml",
  "azure-pipelines": "pipelines/bootstrap-azure-devops.yaml",
  none: undefined,
};

export const bootstrapOf = async (
  { host }: ContinuousIntegration,
  packageFolder: string,
  readText: (path: string) => Promise<string>,
): Promise<Bootstrap | undefined> => {
  const path = files[host];
  if (path === undefined) return undefined;
  const text = await readText(join(packageFolder, path)).catch(() => undefined);
  return text === undefined ? undefined : { path, text };
};

/** With every input that has to be given: filled in as far as `init` was told, `...` for a person to fill in. */
export const bootstrapCommand = ({ path, text }: Bootstrap, ci: ContinuousIntegration): string => {
  const { pipeline } = checkPipeline(text, { file: path, manifest: registry.manifest });
  const known = new Map<string, string>(ci.host === "github" ? [["repository", ci.repository]] : []);
  const inputs = (pipeline ? requiredInputs(pipeline) : []).map(
    ({ name }) => ` --input ${name}=${known.get(name) ?? "..."}`,
  );
  return `provision up ${path}${inputs.join("")}`;
};
