/** The environment that Azure Pipelines' agent starts a task in, as src/Agent.Worker/Handlers/Handler.cs writes it. */

export interface Job {
  /** The folder of the sources, absolute. */
  readonly sources: string;
  /** AGENT_TEMPDIRECTORY. */
  readonly temporary: string;
  /** From task.json's names; a path that is left out is the folder of the sources, as the agent makes it. */
  readonly inputs: Readonly<Record<string, string>>;
  readonly connection?: Connection | undefined;
  /** `True` for a pull request from a fork. */
  readonly fork?: boolean;
  /** Secret variables of the pipeline that the step does not map: `SECRET_…`. */
  readonly secretVariables?: Readonly<Record<string, string>>;
  readonly jobToken?: string;
}

export interface Connection {
  readonly id: string;
  readonly url: string;
  readonly scheme: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly data: Readonly<Record<string, string>>;
}

/** What the agent takes from task.json where a step says nothing. */
const defaults = {
  command: "plan",
  offline: "false",
  prune: "false",
  sandbox: "false",
  inputs: "",
  azureSubscription: "",
};
const paths = ["pipeline", "inputsFile", "planFile", "workingDirectory"];

export const agentEnvironment = (job: Job): Record<string, string> => {
  const { sources, temporary, inputs, connection, secretVariables = {}, fork = false } = job;
  const rooted = Object.fromEntries(
    paths.map((name) => {
      const given = inputs[name] ?? "";
      return [name, given.startsWith("/") ? given : `${sources}/${given}`.replace(/\/$/, "")];
    }),
  );
  const given = {
    ...defaults,
    ...(connection ? { azureSubscription: connection.id } : {}),
    ...inputs,
    ...rooted,
  };
  return {
    TF_BUILD: "True",
    AGENT_TEMPDIRECTORY: temporary,
    AGENT_VERSION: "4.278.0",
    BUILD_SOURCESDIRECTORY: sources,
    BUILD_REPOSITORY_LOCALPATH: sources,
    SYSTEM_DEFAULTWORKINGDIRECTORY: sources,
    SYSTEM_PULLREQUEST_ISFORK: fork ? "True" : "False",
    VSTS_PROCESS_LOOKUP_ID: "vsts_6d1f0a8e-6e1a-4b02-8a20-3c6f2c0d9c11",
    VSTS_PUBLIC_VARIABLES: '["agent.tempDirectory","build.sourcesDirectory"]',
    VSTS_SECRET_VARIABLES: JSON.stringify(Object.keys(secretVariables)),
    COMMAND_CORRELATION_ID: "c1e3",
    ...named("INPUT_", given),
    ...named("SECRET_", secretVariables),
    ...endpoint("SYSTEMVSSCONNECTION", {
      url: "https://dev.azure.com/octo/",
      scheme: "OAuth",
      parameters: { AccessToken: job.jobToken ?? "job-token-of-the-test" },
      data: {},
    }),
    ...(connection ? endpoint(connection.id, connection) : {}),
  };
};

const named = (prefix: string, values: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      `${prefix}${name.replace(/[. ]/g, "_").toUpperCase()}`,
      value,
    ]),
  );

const endpoint = (
  key: string,
  { url, scheme, parameters, data }: Omit<Connection, "id">,
): Record<string, string> => ({
  [`ENDPOINT_URL_${key}`]: url,
  [`ENDPOINT_AUTH_${key}`]: JSON.stringify({ parameters, scheme }),
  [`ENDPOINT_AUTH_SCHEME_${key}`]: scheme,
  ...named(`ENDPOINT_AUTH_PARAMETER_${key}_`, parameters),
  ...(Object.keys(data).length > 0 ? { [`ENDPOINT_DATA_${key}`]: JSON.stringify(data) } : {}),
  ...named(`ENDPOINT_DATA_${key}_`, data),
});

export const connectionId = "7f1d2c3b-0a4e-4a55-9d5b-2f6f1f0c8e21";

/** A connection with workload identity federation to public Azure. */
export const federatedConnection: Connection = {
  id: connectionId,
  url: "https://management.azure.com/",
  scheme: "WorkloadIdentityFederation",
  parameters: {
    tenantid: "11111111-1111-4111-8111-111111111111",
    serviceprincipalid: "client-of-the-connection",
  },
  data: {
    subscriptionId: "22222222-2222-4222-8222-222222222222",
    subscriptionName: "Shop",
    environment: "AzureCloud",
  },
};
