/** What a step says in its inputs, as the agent hands it over. */
import { expect, test } from "vitest";
import { readAgent } from "../../../src/hosts/azure-task/agent.ts";
import { readInputs } from "../../../src/hosts/azure-task/inputs.ts";
import { agentEnvironment, connectionId, federatedConnection } from "./agent-environment.ts";

const sources = "/agent/_work/1/s";
const job = (inputs: Record<string, string>) => ({
  sources,
  temporary: "/agent/_work/_temp",
  inputs,
  connection: federatedConnection,
});
const read = (inputs: Record<string, string>) =>
  readInputs(readAgent(agentEnvironment(job(inputs))), sources);

test("a step that says nothing plans `provision.yaml` in the folder of the sources", () => {
  expect(read({})).toEqual({
    request: {
      command: "plan",
      pipeline: "provision.yaml",
      inputs: undefined,
      inputsFile: undefined,
      planFile: undefined,
      offline: false,
      prune: false,
      sandbox: false,
    },
    workingDirectory: sources,
    connection: connectionId,
  });
});

test("paths start from the folder of the sources, and are told from the working directory, wherever an agent has it", () => {
  const { request, workingDirectory } = read({
    command: "up",
    workingDirectory: "infra",
    pipeline: "infra/cluster.yaml",
    inputsFile: "environments/dev.yaml",
    planFile: "/agent/_work/1/plan/plan.json",
  });
  expect(workingDirectory).toBe(`${sources}/infra`);
  expect(request).toMatchObject({
    pipeline: "cluster.yaml",
    inputsFile: "../environments/dev.yaml",
    planFile: "/agent/_work/1/plan/plan.json",
  });
});

test("several checked out repositories put empty paths elsewhere, and they are empty all the same", () => {
  const environment = {
    ...agentEnvironment(job({})),
    BUILD_REPOSITORY_LOCALPATH: `${sources}/shop`,
    BUILD_SOURCESDIRECTORY: sources,
    INPUT_PIPELINE: `${sources}/shop`,
    INPUT_PLANFILE: sources,
  };
  const { request } = readInputs(readAgent(environment), sources);
  expect(request).toMatchObject({ pipeline: "provision.yaml", planFile: undefined });
});

test("offline and in the sandbox no connection is read, even where one is named", () => {
  expect(read({ offline: "true" }).connection).toBeUndefined();
  expect(read({ command: "up", sandbox: "True" }).connection).toBeUndefined();
});

test.each([
  [{ command: "deploy" }, "there is no command `deploy`"],
  [{ command: "" }, "the input `command` is missing"],
  [{ offline: "yes" }, "the input `offline` is `yes`"],
  [{ command: "up", offline: "true" }, "the input `offline` does not go with `command: up`"],
  [{ command: "status", planFile: "plan.json" }, "the input `planFile` does not go with `command: status`"],
  [{ command: "destroy", prune: "true" }, "the input `prune` does not go with `command: destroy`"],
])("%o is one error that says how to write it", (inputs, message) => {
  expect(() => read(inputs)).toThrow(
    expect.objectContaining({ code: "P0440", message, hint: expect.any(String) }),
  );
});
