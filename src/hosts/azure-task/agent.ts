/**
 * What Azure Pipelines' agent hands a task in its environment: inputs, service connections, secret variables. It is
 * taken out of the environment, so that no process that the task starts inherits it.
 *
 * How the agent writes it: microsoft/azure-pipelines-agent, src/Agent.Worker/Handlers/Handler.cs. Its own library
 * (azure-pipelines-task-lib) does the same, with a key file on disk and eight packages more.
 */

type Variables = Readonly<Record<string, string | undefined>>;

/** Inputs, connections and their credentials, secret variables and files of the job, values of other tasks. */
const handedOver =
  /^(INPUT_|ENDPOINT_|SECRET_|SECUREFILE_|VSTS_TASKVARIABLE_|VSTS_(PUBLIC|SECRET)_VARIABLES$|COMMAND_CORRELATION_ID$)/i;

export interface Agent {
  /** What it handed over, by a name in any case. An empty text counts as nothing: the agent can't tell them apart. */
  given(name: string): string | undefined;
  /** Names of what was taken out of the environment. */
  readonly taken: readonly string[];
  /** The rest: the job's variables, and what the step maps with `env`, where there is such a variable. */
  readonly variables: Variables;
}

/**
 * `X: $(X)` in a step's `env` stays these very letters where the pipeline has no variable X:
 * https://learn.microsoft.com/azure/devops/pipelines/process/variables#what-syntax-to-use
 */
const notExpanded = /^\$\([^()\s]+\)$/;

export const readAgent = (environment: Variables): Agent => {
  const entries = Object.entries(environment);
  const taken = entries.filter(([name]) => handedOver.test(name));
  const values = new Map(taken.map(([name, value]) => [name.toUpperCase(), value]));
  return {
    given: (name) => values.get(name.toUpperCase()) || undefined,
    taken: taken.map(([name]) => name),
    variables: Object.fromEntries(
      entries.filter(([name, value]) => !handedOver.test(name) && !notExpanded.test(value ?? "")),
    ),
  };
};

/**
 * True for a pull request from a fork: `True` and `False` are how the agent writes it. A pull request's merge that a person
 * queued by hand says neither, and counts as one.
 */
export const isFork = ({ variables }: Pick<Agent, "variables">): boolean => {
  const said = variables.SYSTEM_PULLREQUEST_ISFORK?.toLowerCase();
  return said === "true" || (said !== "false" && /^refs\/pull\//.test(variables.BUILD_SOURCEBRANCH ?? ""));
};
