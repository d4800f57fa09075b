/**
 * A service connection to Azure Resource Manager, as the agent describes it to a task that names it in an input.
 *
 * Names of its parameters: microsoft/azure-pipelines-tasks-common-packages, azure-arm-rest/azure-arm-endpoint.ts.
 */
import { Failure } from "../../step/failure.ts";
import { Secret } from "../../step/secret.ts";
import type { Agent } from "./agent.ts";

export interface ServiceConnection {
  readonly id: string;
  /** ARM's address; undefined for public Azure. */
  readonly endpoint: string | undefined;
  /** Undefined for a connection to a management group. */
  readonly subscription: string | undefined;
  readonly login: ConnectionLogin;
}

export type ConnectionLogin =
  /** The job asks Azure DevOps for an assertion, again for every token. */
  | {
      readonly kind: "workload-identity";
      readonly tenant: string;
      readonly client: string;
      readonly requestUri: string;
      /** The job's own token, which Azure DevOps wants to see. */
      readonly jobToken: Secret;
    }
  | { readonly kind: "key"; readonly tenant: string; readonly client: string; readonly key: Secret }
  /** `certificate`: PEM, with its private key. */
  | {
      readonly kind: "certificate";
      readonly tenant: string;
      readonly client: string;
      readonly certificate: Secret;
    }
  /** The agent's own machine has an identity. `client`: of one that a user assigned. */
  | { readonly kind: "managed-identity"; readonly client: string | undefined };

const publicAzure = /^https:\/\/management\.azure\.com\/*$/i;

/** @throws Failure P0840 where the job may not use the connection, P0841 for one that can't be logged in with. */
export const readConnection = (id: string, agent: Pick<Agent, "given" | "variables">): ServiceConnection => {
  const url = agent.given(`ENDPOINT_URL_${id}`);
  if (url === undefined) {
    throw new Failure({
      kind: "forbidden",
      code: "P0840",
      message: `the job was given no service connection \`${id}\``,
      hint: "check its name in `azureSubscription`, and that its security settings permit this pipeline",
    });
  }
  return {
    id,
    endpoint: publicAzure.test(url) ? undefined : url.replace(/\/+$/, ""),
    subscription: agent.given(`ENDPOINT_DATA_${id}_SUBSCRIPTIONID`),
    login: loginOf(id, agent),
  };
};

const loginOf = (id: string, { given, variables }: Pick<Agent, "given" | "variables">): ConnectionLogin => {
  const parameter = (name: string): string | undefined => given(`ENDPOINT_AUTH_PARAMETER_${id}_${name}`);
  const needed = (name: string): string => parameter(name) ?? missing(id, name);
  const scheme = given(`ENDPOINT_AUTH_SCHEME_${id}`) ?? "ServicePrincipal";
  switch (scheme.toLowerCase()) {
    case "workloadidentityfederation":
      return {
        kind: "workload-identity",
        tenant: needed("TENANTID"),
        client: needed("SERVICEPRINCIPALID"),
        requestUri: variables.SYSTEM_OIDCREQUESTURI || missing(id, "SYSTEM_OIDCREQUESTURI"),
        jobToken: new Secret(
          given("ENDPOINT_AUTH_PARAMETER_SYSTEMVSSCONNECTION_ACCESSTOKEN") ??
            missing(id, "SYSTEMVSSCONNECTION"),
          "the job's token",
        ),
      };
    case "serviceprincipal": {
      const principal = { tenant: needed("TENANTID"), client: needed("SERVICEPRINCIPALID") };
      if (parameter("AUTHENTICATIONTYPE")?.toLowerCase() === "spncertificate") {
        const certificate = new Secret(needed("SERVICEPRINCIPALCERTIFICATE"), "the connection's certificate");
        return { kind: "certificate", ...principal, certificate };
      }
      return {
        kind: "key",
        ...principal,
        key: new Secret(needed("SERVICEPRINCIPALKEY"), "the connection's key"),
      };
    }
    case "managedserviceidentity":
      return { kind: "managed-identity", client: given(`ENDPOINT_DATA_${id}_MSICLIENTID`) };
    default:
      throw new Failure({
        kind: "rejected",
        code: "P0841",
        message: `the service connection \`${id}\` has the scheme \`${scheme}\`, which is no login to Azure Resource Manager`,
        hint: "make one with workload identity federation; a key, a certificate and a managed identity do as well",
      });
  }
};

const missing = (id: string, name: string): never => {
  throw new Failure({
    kind: "rejected",
    code: "P0841",
    message: `the service connection \`${id}\` comes without ${name}`,
    hint: "open it in the project's settings, press `Verify`, and save it again",
  });
};
