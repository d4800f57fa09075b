/** A GitHub job on a sandbox of its own. */
import { type StepOptions, type StepResult, startStep } from "./github-runner.ts";
import { type HostOfJobs, openJobOn } from "./job-on-sandbox.ts";

const github: HostOfJobs<Partial<StepOptions>, StepResult> = {
  checkout: "work",
  start: (options, over) => startStep({ ...over, ...options }),
};

export const openJob = (name: string, pipeline: string) => openJobOn(name, github, pipeline);
