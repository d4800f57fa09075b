/** What GitHub is to a job: its tokens are known as secrets, its files take the results, its sandbox is the job's own. */
import { expect, test } from "vitest";
import { runAction } from "../../../src/hosts/github-action/action.ts";
import type { Change } from "../../../src/hosts/github-action/event.ts";
import { createGithubHost } from "../../../src/hosts/github-action/host.ts";
import { readInputs } from "../../../src/hosts/github-action/inputs.ts";

const change: Change = { fork: false, pullRequest: 7 };

const open = (variables: Readonly<Record<string, string>>, changed = change) => {
  const log: string[] = [];
  const around = {
    variables: { INPUT_COMMAND: "plan", GITHUB_REPOSITORY: "octo/shop", ...variables },
    directory: "/work",
    write: (text: string) => log.push(text),
    program: [],
    sandboxEntry: "",
    signals: { stopping: () => false, signal: new AbortController().signal, onStopping: () => {} },
  };
  return { host: createGithubHost(around, readInputs(around.variables), changed), log, around };
};

test("an input that is wrong fails the step, and says how to write it", async () => {
  const { around, log } = open({});
  const variables = { ...around.variables, INPUT_OFFLINE: "perhaps" };
  expect(await runAction({ ...around, variables })).toBe(2);
  expect(log).toEqual([expect.stringMatching(/^::error title=P0440::input `offline` .*true/)]);
});

test("every token that the runner or the workflow hands over is a secret before anything is done", () => {
  const { host } = open({
    "INPUT_GITHUB-TOKEN": "ghs_job",
    "INPUT_AZURE-CLIENT-SECRET": "of the input",
    AZURE_CLIENT_SECRET: "of the environment",
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: "asks for assertions",
    ACTIONS_RUNTIME_TOKEN: "uploads artifacts",
  });
  expect(new Set(host.secrets)).toEqual(
    new Set(["ghs_job", "of the input", "of the environment", "asks for assertions", "uploads artifacts"]),
  );
});

test("no input reaches what the job starts, and its sandbox ends with the job", () => {
  const { machine } = open({ "INPUT_GITHUB-TOKEN": "ghs_job", RUNNER_TEMP: "/temp" }).host;
  expect(Object.keys(machine.variables).filter((name) => name.startsWith("INPUT_"))).toEqual([]);
  expect(machine.variables.PROVISION_SANDBOX).toBe("/temp/provision-sandbox");
});

test("a comment is written where it was asked for, on a pull request, and by a token", async () => {
  expect(open({}).host.comment).toBeUndefined();
  expect(
    open({ INPUT_COMMENT: "true" }, { fork: false, pullRequest: undefined }).host.comment,
  ).toBeUndefined();
  const { host, log } = open({ INPUT_COMMENT: "true" });
  await host.comment?.("### Plan", { pipeline: "p", instance: "p" });
  expect(log).toEqual([expect.stringMatching(/^::warning title=No comment::.*github-token/)]);
});
