/** The command line in a job of a CI host that builds a stranger's change: its own steps are not loaded. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "../../sandbox/open.ts";
import { forkPullRequest, pullRequest } from "../github-action/payloads.ts";
import { openCommandLine } from "./command.ts";

const plan = async (variables: Readonly<Record<string, string>>, payload: object, ...words: string[]) => {
  const payloads = await temporaryFolder();
  await writeFile(join(payloads, "event.json"), JSON.stringify(payload));
  const { GITHUB_EVENT_PATH: file } = variables;
  await using command = await openCommandLine({
    variables: { ...variables, ...(file === undefined ? {} : { GITHUB_EVENT_PATH: join(payloads, file) }) },
  });
  await writeFile(join(command.folder, "p.yaml"), "name: g\nsteps: { own: { uses: ./own.ts } }\n");
  await writeFile(join(command.folder, "own.ts"), "throw new Error('it has run');\n");
  return (await command.run("plan", "--offline", ...words, "p.yaml")).err;
};
const onGithub = { GITHUB_EVENT_NAME: "pull_request_target", GITHUB_EVENT_PATH: "event.json" };

test.each([
  ["GitHub", onGithub],
  ["GitHub, without its payload", { ...onGithub, GITHUB_EVENT_PATH: "none.json" }],
  ["Azure Pipelines", { SYSTEM_PULLREQUEST_ISFORK: "True" }],
  ["another host that says so", { PROVISION_FORK: "true" }],
])("on %s", async (_, variables) => {
  expect(await plan(variables, forkPullRequest)).toContain("error[P0433]");
});

test("a branch's own steps, and those that somebody has read, are", async () => {
  expect(await plan(onGithub, pullRequest)).toContain("it has run");
  expect(await plan(onGithub, forkPullRequest, "--trust-local-steps")).toContain("it has run");
});
