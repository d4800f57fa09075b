/** The main pipeline without its steps in the cluster: upped with `--prune`, it takes all of them away and keeps Azure's. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { root, type TestCommand } from "../../e2e/command.ts";

export const mainPipeline = "pipelines/aks-nginx-flux.yaml";

const pipelineSchema = z.looseObject({ steps: z.record(z.string(), z.unknown()) });
const names = ["ip-group", "ip", "group", "identity", "grant", "logs", "cluster"];

/** Writes it into the test's folder, and gives its path. */
export const azureAlone = async (command: TestCommand): Promise<string> => {
  const main = pipelineSchema.parse(parse(await readFile(join(root, mainPipeline), "utf8")));
  const kept = Object.entries(main.steps).filter(([name]) => names.includes(name));
  if (kept.length !== names.length) throw new Error("the main pipeline has other steps by now");
  return command.file(
    "azure.yaml",
    JSON.stringify({ ...main, steps: Object.fromEntries(kept), outputs: {} }),
  );
};
