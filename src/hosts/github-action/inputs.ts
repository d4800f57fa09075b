/**
 * What a workflow wrote under `with:`, read from the environment and checked. Booleans are those of YAML's core schema,
 * as in `@actions/core`, which is not used: importing it takes twice as long as starting Node, mostly for an HTTP client.
 */
import { nearest } from "../../language/suggest.ts";
import type { Failure } from "../../step/failure.ts";
import { type JobRequest, jobCommands } from "../ci/host.ts";
import { usageFailure } from "../usage.ts";

type Variables = Readonly<Record<string, string | undefined>>;

/** The login that the inputs name; each wins over its environment variable. */
export interface LoginInputs {
  readonly clientId: string | undefined;
  readonly tenantId: string | undefined;
  readonly subscriptionId: string | undefined;
  readonly clientSecret: string | undefined;
}

export interface ActionInputs {
  readonly request: JobRequest;
  /** From the workspace. */
  readonly workingDirectory: string;
  readonly comment: boolean;
  readonly githubToken: string | undefined;
  readonly login: LoginInputs;
}

/** The runner's spelling: upper case, spaces as underscores; dashes stay. */
const prefix = "INPUT_";
const variableOf = (input: string): string => `${prefix}${input.replaceAll(" ", "_").toUpperCase()}`;

/** An input that a workflow leaves out is the empty text, as is an expression that gives nothing. */
const text = (variables: Variables, input: string): string | undefined =>
  variables[variableOf(input)]?.trim() || undefined;

const flags: Readonly<Record<string, boolean>> = {
  true: true,
  True: true,
  TRUE: true,
  false: false,
  False: false,
  FALSE: false,
};

const flag = (variables: Variables, input: string): boolean => {
  const given = text(variables, input);
  if (given === undefined) return false;
  const value = Object.hasOwn(flags, given) ? flags[given] : undefined;
  if (value === undefined) throw notAllowed(input, given, ["true", "false"]);
  return value;
};

const choice = <Choice extends string>(
  variables: Variables,
  input: string,
  choices: readonly Choice[],
): Choice => {
  const given = text(variables, input);
  if (given === undefined) throw usageFailure(`input \`${input}\` is missing`, `It is ${oneOf(choices)}.`);
  const chosen = choices.find((each) => each === given);
  if (chosen === undefined) throw notAllowed(input, given, choices);
  return chosen;
};

const oneOf = (choices: readonly string[]): string =>
  `${choices
    .slice(0, -1)
    .map((each) => `\`${each}\``)
    .join(", ")} or \`${choices.at(-1)}\``;

const notAllowed = (input: string, given: string, allowed: readonly string[]): Failure => {
  const near = nearest(given, allowed);
  return usageFailure(
    `input \`${input}\` can't be \`${given}\``,
    `${near === undefined ? "" : `Did you mean \`${near}\`? `}It is ${oneOf(allowed)}.`,
  );
};

/** Fails with P0440, with the input's name and what it may be. */
export const readInputs = (variables: Variables): ActionInputs => {
  const command = choice(variables, "command", jobCommands);
  const offline = flag(variables, "offline");
  const planFile = text(variables, "plan-file");
  if (offline && command !== "plan")
    throw usageFailure(
      `input \`offline\` goes with \`command: plan\` alone, and this is \`${command}\``,
      "Leave `offline` out.",
    );
  if (planFile !== undefined && command !== "plan" && command !== "up")
    throw usageFailure(
      `input \`plan-file\` goes with \`plan\`, which writes it, and \`up\`, which holds to it; this is \`${command}\``,
      "Leave `plan-file` out.",
    );
  return {
    request: {
      command,
      pipeline: text(variables, "pipeline") ?? "provision.yaml",
      // Not trimmed: the first line's indentation belongs to the YAML.
      inputs: text(variables, "inputs") === undefined ? undefined : variables[variableOf("inputs")],
      inputsFile: text(variables, "inputs-file"),
      planFile,
      offline,
      prune: flag(variables, "prune"),
      sandbox: flag(variables, "sandbox"),
      subscription: text(variables, "azure-subscription-id"),
    },
    workingDirectory: text(variables, "working-directory") ?? ".",
    comment: flag(variables, "comment"),
    githubToken: text(variables, "github-token"),
    login: {
      clientId: text(variables, "azure-client-id"),
      tenantId: text(variables, "azure-tenant-id"),
      subscriptionId: text(variables, "azure-subscription-id"),
      clientSecret: text(variables, "azure-client-secret"),
    },
  };
};

/** The environment without the action's inputs. */
export const withoutInputs = (variables: Variables): Variables =>
  Object.fromEntries(Object.entries(variables).filter(([name]) => !name.startsWith(prefix)));
