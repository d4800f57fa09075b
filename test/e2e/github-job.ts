/** A GitHub job on a sandbox of its own, whose checkout holds one pipeline: each step is the shipped action. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { openCommand } from "./command.ts";
import { runStep, type StepOptions, startStep } from "./github-runner.ts";

export const openJob = async (name: string, pipeline: string) => {
  const command = await openCommand(name);
  onTestFinished(() => command[Symbol.asyncDispose]());
  const path = join(command.folder, "work", "provision.yaml");
  await mkdir(join(command.folder, "work"));
  await writeFile(path, pipeline);
  const options = (
    inputs: Readonly<Record<string, string>>,
    over: Partial<StepOptions> = {},
  ): StepOptions => ({
    folder: command.folder,
    inputs: { sandbox: "true", ...inputs },
    ...over,
    variables: { PROVISION_SANDBOX: join(command.folder, "sandbox"), ...over.variables },
  });
  return {
    command,
    write: (text: string) => writeFile(path, text),
    run: (inputs: Readonly<Record<string, string>>, over?: Partial<StepOptions>) =>
      runStep(options(inputs, over)),
    start: (inputs: Readonly<Record<string, string>>, over?: Partial<StepOptions>) =>
      startStep(options(inputs, over)),
  };
};
