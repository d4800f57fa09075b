/** What a workflow writes under `with:`, as the runner hands it over; held against GitHub's own library. */
import { getBooleanInput, getInput } from "@actions/core";
import { afterEach, expect, test, vi } from "vitest";
import { readInputs } from "../../../src/hosts/github-action/inputs.ts";

const read = (inputs: Readonly<Record<string, string>>) => readInputs(variablesOf(inputs));
const variablesOf = (inputs: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]));

const refusal = (inputs: Readonly<Record<string, string>>): unknown => {
  try {
    return read(inputs);
  } catch (error) {
    return error;
  }
};

afterEach(() => {
  vi.unstubAllEnvs();
});

test("what is left out has its default; the runner hands it over as the empty text", () => {
  const names = ["pipeline", "inputs", "inputs-file", "plan-file", "offline", "prune", "sandbox", "comment"];
  const empty = Object.fromEntries(names.map((name) => [name, ""]));
  const expected = {
    request: {
      command: "up",
      pipeline: "provision.yaml",
      inputs: undefined,
      inputsFile: undefined,
      planFile: undefined,
      offline: false,
      prune: false,
      sandbox: false,
      subscription: undefined,
    },
    workingDirectory: ".",
    comment: false,
    githubToken: undefined,
    login: { clientId: undefined, tenantId: undefined, subscriptionId: undefined, clientSecret: undefined },
  };
  expect(read({ ...empty, command: "up" })).toEqual(expected);
  expect(read({ command: "up" })).toEqual(expected);
});

test("a block of inputs keeps its indentation", () => {
  expect(read({ command: "plan", inputs: "  a: 1\n  b: 2\n" }).request.inputs).toBe("  a: 1\n  b: 2\n");
});

test.each([
  ["command", "plna", "Did you mean `plan`? It is `plan`, `up`, `destroy` or `status`."],
  ["command", "deploy", "It is `plan`, `up`, `destroy` or `status`."],
  ["command", "", "It is `plan`, `up`, `destroy` or `status`."],
  ["offline", "ture", "Did you mean `true`? It is `true` or `false`."],
  ["prune", "yes", "It is `true` or `false`."],
  ["sandbox", "1", "It is `true` or `false`."],
  ["comment", "tRUE", "Did you mean `true`? It is `true` or `false`."],
])("%s: %j is refused, by name, with what it may be", (name, value, hint) => {
  expect(refusal({ command: "plan", [name]: value })).toMatchObject({
    code: "P0440",
    message: expect.stringContaining(`\`${name}\``),
    hint,
  });
});

test.each([
  [{ command: "up", offline: "true" }, "offline"],
  [{ command: "destroy", "plan-file": "plan.json" }, "plan-file"],
  [{ command: "status", "plan-file": "plan.json" }, "plan-file"],
])("%j is refused: it would promise what it does not do", (inputs, name) => {
  expect(refusal(inputs)).toMatchObject({ code: "P0440", message: expect.stringContaining(`\`${name}\``) });
});

test.each(["true", "True", "TRUE", "false", "False", "FALSE", " true ", "yes", "on", "tRUE", "1", "null"])(
  "%j is the boolean that GitHub's library reads, or none",
  (text) => {
    vi.stubEnv("INPUT_PRUNE", text);
    const theirs = (() => {
      try {
        return getBooleanInput("prune");
      } catch {
        return "none";
      }
    })();
    const ours = refusal({ command: "plan", prune: text });
    if (theirs === "none") expect(ours).toBeInstanceOf(Error);
    else expect(ours).toMatchObject({ request: { prune: theirs } });
  },
);

test("a name is found where GitHub's library looks for it", () => {
  vi.stubEnv("INPUT_INPUTS-FILE", " environments/dev.yaml ");
  expect(read({ command: "plan", "inputs-file": " environments/dev.yaml " }).request.inputsFile).toBe(
    getInput("inputs-file"),
  );
});
