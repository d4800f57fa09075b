/** Outputs may have any name but those with which a variable would steer later steps; the agent is told the same. */
import { expect, test } from "vitest";
import { isSettable, reservedNames, settablePattern } from "../../../src/hosts/azure-task/output-names.ts";

test.each([
  "plan",
  "changes",
  "drift",
  "healthy",
  "address",
  "cluster-name",
  "pathway",
  "environment",
  "deploy_key_base64",
])("%s may be set", (name) => {
  expect(isSettable(name)).toBe(true);
});

test.each([
  "PATH",
  "Path",
  "NODE_OPTIONS",
  "LD_PRELOAD",
  "BASH_ENV",
  "GIT_SSH_COMMAND",
  "HTTPS_PROXY",
  "PYTHONPATH",
  "AZURE_CLIENT_SECRET",
  "KUBECONFIG",
  "PROVISION_CHARTS",
  "SYSTEM_DEBUG",
  "system.accesstoken",
  "AGENT_TEMPDIRECTORY",
  "PROCESS_SIGINT_TIMEOUT",
])("%s may not", (name) => {
  expect(isSettable(name)).toBe(false);
});

/** As far as the pattern goes: minimatch takes `!` off the front, and matches `@(a|b*)` whole. */
const matchesPattern = (name: string): boolean => {
  const [, alternatives = ""] = /^!@\((.*)\)$/.exec(settablePattern) ?? [];
  const expression = alternatives.replaceAll(".", "\\.").replaceAll("*", "[^/]*?");
  return !new RegExp(`^(?:${expression})$`, "i").test(name);
};

test("the agent's pattern says the same of every reserved name", () => {
  for (const name of reservedNames) expect(matchesPattern(name.replaceAll("*", "x"))).toBe(false);
  expect(matchesPattern("address")).toBe(true);
});
