/** The cluster of a test's pipeline, as a person reaches it: `provision kubeconfig`, then kubectl. */
import { join } from "node:path";
import { execa } from "execa";
import { bundledTool } from "../../src/clients/helm/bundled.ts";
import { root, type TestCommand } from "./command.ts";

/** Writes the cluster's kubeconfig into the test's folder, and gives its path. */
export const kubeconfigOf = async (command: TestCommand, pipeline: string): Promise<string> => {
  const out = join(command.folder, "kubeconfig");
  const { exitCode, said } = await command.run(["kubeconfig", "--sandbox", pipeline, "--out", out]);
  if (exitCode !== 0) throw new Error(`no kubeconfig: ${said}`);
  return out;
};

/** `kubectl WORDS` on the cluster of the kubeconfig; gives what it prints. Throws where it fails. */
export const kubectl = async (kubeconfig: string, words: readonly string[], input = ""): Promise<string> => {
  const program = (await bundledTool(root, "kubectl")) ?? "kubectl";
  const { stdout } = await execa(program, words, {
    env: { KUBECONFIG: kubeconfig, HOME: join(kubeconfig, "..") },
    input,
  });
  return stdout;
};
