/**
 * A step of a GitHub job, as actions/runner starts it: the shipped bundle with the runner's environment, its files, and
 * an event's payload. What the log says is read as the runner reads it.
 */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { push } from "../hosts/github-action/payloads.ts";
import { readOutputs } from "../hosts/github-action/read-outputs.ts";
import { type Command, readAsGithub } from "../reporters/runner-parsers.ts";
import { type BundleRun, maskedBy, startBundle } from "./bundle-run.ts";

export interface StepOptions {
  /** Below this folder the job's workspace (`work`) and the runner's own files are. */
  readonly folder: string;
  /** `with:`, by the names of action.yml. */
  readonly inputs: Readonly<Record<string, string>>;
  /** `env:`. */
  readonly variables?: Readonly<Record<string, string>>;
  readonly event?: string;
  readonly payload?: unknown;
}

export interface StepResult {
  readonly exitCode: number | undefined;
  /** As it was written, commands and all. */
  readonly raw: string;
  readonly commands: readonly Command[];
  /** What a person sees: lines without commands, every mask replaced. */
  readonly log: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
}

export interface RunningStep extends Omit<BundleRun, "ended"> {
  readonly ended: Promise<StepResult>;
}

/** What the runner takes from action.yml where a workflow says nothing. */
const defaults: Readonly<Record<string, string>> = {
  pipeline: "provision.yaml",
  "working-directory": ".",
  inputs: "",
  "inputs-file": "",
  "plan-file": "",
  offline: "false",
  prune: "false",
  sandbox: "false",
  comment: "false",
  "github-token": "ghs_theJobsOwnToken0123456789",
  "azure-client-id": "",
  "azure-tenant-id": "",
  "azure-subscription-id": "",
  "azure-client-secret": "",
};

/** Upper case, spaces as underscores; dashes stay. */
const inputVariables = (inputs: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries({ ...defaults, ...inputs }).map(([name, value]) => [
      `INPUT_${name.replaceAll(" ", "_").toUpperCase()}`,
      value,
    ]),
  );

export const startStep = async (options: StepOptions): Promise<RunningStep> => {
  const { folder, inputs, variables = {}, event = "push", payload = push } = options;
  const files = join(folder, "_temp", "_runner_file_commands");
  const [output, summary, eventFile] = ["output", "summary", "event.json"].map((name) => join(files, name));
  const workspace = join(folder, "work");
  await mkdir(files, { recursive: true });
  await mkdir(workspace, { recursive: true });
  await writeFile(output ?? "", "");
  await writeFile(summary ?? "", "");
  await writeFile(eventFile ?? "", JSON.stringify(payload));
  const step = startBundle("github-action.js", {
    cwd: workspace,
    env: {
      HOME: folder,
      CI: "true",
      GITHUB_ACTIONS: "true",
      GITHUB_WORKSPACE: workspace,
      GITHUB_REPOSITORY: "octo/shop",
      GITHUB_SERVER_URL: "https://github.example",
      GITHUB_API_URL: "http://127.0.0.1:9",
      GITHUB_WORKFLOW: "provision",
      GITHUB_JOB: "plan",
      GITHUB_RUN_ID: "42",
      GITHUB_SHA: "0123456789abcdef0123456789abcdef01234567",
      GITHUB_EVENT_NAME: event,
      GITHUB_EVENT_PATH: eventFile ?? "",
      GITHUB_OUTPUT: output ?? "",
      GITHUB_STEP_SUMMARY: summary ?? "",
      RUNNER_TEMP: join(folder, "_temp"),
      ...variables,
      ...inputVariables(inputs),
    },
  });
  const end = async (): Promise<StepResult> => {
    const { exitCode, raw } = await step.ended;
    const { commands, log } = readAsGithub(raw, "culture");
    const masks = commands.filter(({ name }) => name === "add-mask").map(({ data }) => data);
    return {
      exitCode,
      raw,
      commands,
      log: maskedBy(log.join("\n"), masks),
      outputs: readOutputs(await readFile(output ?? "", "utf8")),
      summary: await readFile(summary ?? "", "utf8"),
    };
  };
  return { ...step, ended: end() };
};

export const runStep = async (options: StepOptions): Promise<StepResult> => (await startStep(options)).ended;

/** Errors, warnings and notices, as GitHub shows them beside files. */
export const annotationsOf = ({ commands }: Pick<StepResult, "commands">): readonly string[] =>
  commands
    .filter(({ name }) => ["error", "warning", "notice"].includes(name))
    .map(({ name, properties: { title = "", file = "", line = "" }, data }) =>
      [name, title, file === "" ? "" : `${file}:${line}`, data].filter((part) => part !== "").join(" | "),
    );
