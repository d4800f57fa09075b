/** GitHub as the host of a job: its files, its log, its pull request. */
import { randomUUID } from "node:crypto";
import { tmpdir } from "node:os";
import { resolve } from "node:path";
import { githubDialect } from "../../reporters/github/commands.ts";
import { Secret } from "../../step/secret.ts";
import type { JobHost } from "../ci/host.ts";
import { withJobSandbox } from "../ci/process.ts";
import { realMachine } from "../machine.ts";
import type { ActionSurroundings } from "./action.ts";
import { putComment } from "./comment.ts";
import type { Change } from "./event.ts";
import { hintOnGithub } from "./hints.ts";
import { type ActionInputs, withoutInputs } from "./inputs.ts";
import { loginVariables } from "./login.ts";
import { appendOutput, appendSummary } from "./runner-files.ts";

/** What GitHub shows of one step, of errors and of warnings each. */
const annotationLimit = 10;

export const createGithubHost = (
  around: ActionSurroundings,
  inputs: ActionInputs,
  change: Change,
): JobHost => {
  const { variables, write, directory } = around;
  const workspace = variables.GITHUB_WORKSPACE || directory;
  const machine = realMachine(
    // The runner ends the job's processes and empties its folder.
    withJobSandbox(loginVariables(withoutInputs(variables), inputs.login), variables.RUNNER_TEMP || tmpdir()),
    resolve(workspace, inputs.workingDirectory),
    around.program,
  );
  return {
    dialect: githubDialect,
    write,
    machine,
    workspace,
    signals: around.signals,
    sandboxEntry: around.sandboxEntry,
    fork: change.fork,
    secrets: [
      inputs.githubToken,
      inputs.login.clientSecret,
      variables.AZURE_CLIENT_SECRET,
      variables.ACTIONS_ID_TOKEN_REQUEST_TOKEN,
      // The runner hands it to every action, and what an action starts inherits it.
      variables.ACTIONS_RUNTIME_TOKEN,
    ].filter((text) => text !== undefined),
    graph: "mermaid",
    names: { planFile: "plan-file" },
    annotationLimit,
    hintFor: (failure) => hintOnGithub(failure, change),
    summary: (markdown) => appendSummary(variables.GITHUB_STEP_SUMMARY, markdown),
    output: (name, value) =>
      appendOutput(variables.GITHUB_OUTPUT, name, value, () => `provision-${randomUUID()}`),
    // A step's outputs are text in a file, and a job's are dropped where they hold a secret.
    secretOutput: undefined,
    comment: commentOn(around, inputs, change),
  };
};

const commentOn = (
  { variables, write, signals }: ActionSurroundings,
  { comment, githubToken, request }: ActionInputs,
  { pullRequest, fork }: Change,
): JobHost["comment"] => {
  const { GITHUB_REPOSITORY: repository, GITHUB_API_URL: api } = variables;
  if (!comment || pullRequest === undefined || !repository) return undefined;
  const warn = (title: string, message: string) =>
    write(`${githubDialect.annotation({ severity: "warning", title, message })}\n`);
  return async (markdown, about) => {
    if (githubToken === undefined)
      return warn(
        "No comment",
        "`comment` needs `github-token`, which is empty. The plan is in the summary.",
      );
    const { clock } = realMachine({}, "");
    const outcome = await putComment(
      {
        api: api || "https://api.github.com",
        repository,
        pullRequest,
        token: new Secret(githubToken, "github-token"),
      },
      {
        ...about,
        file: request.pipeline,
        inputsFile: request.inputsFile,
        job: `${variables.GITHUB_WORKFLOW ?? ""}/${variables.GITHUB_JOB ?? ""}`,
      },
      `${markdown}\n${footer(variables)}\n`,
      { fetch, clock, signal: signals.signal },
    );
    switch (outcome.kind) {
      case "written":
        return undefined;
      case "forbidden":
        return warn(
          "No comment",
          fork
            ? `A fork's token may only read, so the plan is in the summary and not in a comment. (${outcome.message})`
            : `The job's token may not comment: give it \`permissions: pull-requests: write\`. The plan is in the summary. (${outcome.message})`,
        );
      case "failed":
        return warn("No comment", `The plan is in the summary. (${outcome.message})`);
    }
  };
};

/** Which commit the plan is of, and where its log is. */
const footer = (variables: Readonly<Record<string, string | undefined>>): string => {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: run } = variables;
  const commit = variables.GITHUB_SHA?.slice(0, 7) ?? "";
  const link = server && repository && run ? `[log](${server}/${repository}/actions/runs/${run})` : "log";
  return `<sub>${commit === "" ? "" : `${commit} · `}${link}</sub>`;
};
