/** What the agent hands over is taken out of the environment, so that nothing that the task starts inherits it. */
import { expect, test } from "vitest";
import { isFork, readAgent } from "../../../src/hosts/azure-task/agent.ts";
import { agentEnvironment, connectionId, federatedConnection } from "./agent-environment.ts";

const environment = {
  PATH: "/bin",
  CLOUDFLARE_API_TOKEN: "mapped by the step",
  ...agentEnvironment({
    sources: "/s",
    temporary: "/t",
    inputs: {},
    connection: federatedConnection,
    secretVariables: { "cloudflare.token": "not mapped" },
  }),
};

test("inputs, connections and secret variables go; the job's variables and what the step maps stay", () => {
  const { variables, taken, given } = readAgent(environment);
  expect(Object.keys(variables).filter((name) => /INPUT|ENDPOINT|SECRET|CORRELATION/.test(name))).toEqual([]);
  expect(variables).toMatchObject({
    PATH: "/bin",
    CLOUDFLARE_API_TOKEN: "mapped by the step",
    TF_BUILD: "True",
  });
  expect(taken).toContain("SECRET_CLOUDFLARE_TOKEN");
  expect(taken).toContain("ENDPOINT_AUTH_SYSTEMVSSCONNECTION");
  expect(given(`ENDPOINT_DATA_${connectionId}_SUBSCRIPTIONID`)).toBe(federatedConnection.data.subscriptionId);
});

test("what the step maps from a variable that the pipeline does not have is not set, and nothing else is left out", () => {
  const { variables } = readAgent({
    CLOUDFLARE_API_TOKEN: "$(CLOUDFLARE_API_TOKEN)",
    OTHER: "$(echo a) b",
  });
  expect(variables).toEqual({ OTHER: "$(echo a) b" });
});

test("an empty text is nothing, and case does not count", () => {
  const { given } = readAgent(environment);
  expect(given("INPUT_inputs")).toBeUndefined();
  expect(given("input_command")).toBe("plan");
});

test("a fork is what the agent calls one", () => {
  expect(isFork(readAgent({ SYSTEM_PULLREQUEST_ISFORK: "True" }))).toBe(true);
  expect(isFork(readAgent({ SYSTEM_PULLREQUEST_ISFORK: "False" }))).toBe(false);
  expect(isFork(readAgent({}))).toBe(false);
  const merge = { BUILD_SOURCEBRANCH: "refs/pull/7/merge" };
  expect(isFork(readAgent(merge))).toBe(true);
  expect(isFork(readAgent({ ...merge, SYSTEM_PULLREQUEST_ISFORK: "False" }))).toBe(false);
});
