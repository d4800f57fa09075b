/** The CI workflow that a combination becomes, as `init` writes it. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { workflowFile } from "../../../../src/hosts/cli/init/workflow.ts";
import { openCommandLine } from "../command.ts";
import type { Combination } from "./combinations.ts";

/** As a release would pin it. */
export const commit = "0123456789abcdef0123456789abcdef01234567";

export const generatedWorkflow = async ({ host, words }: Combination): Promise<string> => {
  await using command = await openCommandLine();
  const action = host === "github" ? ["--action", `aks-provision/provision@${commit}`] : [];
  const { code, err } = await command.run(...words, ...action);
  if (code !== 0) throw new Error(err);
  return readFile(join(command.folder, workflowFile[host]), "utf8");
};
