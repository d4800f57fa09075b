/**
 * Whom a federated credential trusts: from what a person knows of a CI host to the issuer and the subject that its
 * tokens carry. Entra compares both with case, character by character. Pure.
 */
import { z } from "zod";

const github = z.object({
  repository: z
    .string()
    .regex(/^[\w.-]+\/[\w.-]+$/)
    .describe("The repository, as in `owner/name`, spelled as GitHub spells it."),
  ownerId: z
    .string()
    .regex(/^\d*$/)
    .default("")
    .describe(
      "GitHub's number of the owner, with `repositoryId`: `gh api repos/OWNER/NAME --jq .owner.id`. Tokens of repositories made since 15 July 2026 name both numbers. Empty for older ones, the default.",
    ),
  repositoryId: z
    .string()
    .regex(/^\d*$/)
    .default("")
    .describe("GitHub's number of the repository, with `ownerId`: `gh api repos/OWNER/NAME --jq .id`."),
  jobs: z
    .union([
      z.object({ branch: z.string().min(1).describe("Jobs of this branch, as in `main`.") }),
      z.object({
        environment: z.string().min(1).describe("Jobs that name this environment of the repository."),
      }),
      z.object({ tag: z.string().min(1).describe("Jobs of this tag, as in `v1`.") }),
      z.object({
        pullRequest: z.literal(true).describe("Jobs of any pull request from a branch of the repository."),
      }),
    ])
    .describe("Which of the repository's jobs."),
});

const guid = z.string().regex(/^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/);

const azureDevOps = z.object({
  tenantId: guid.describe("Id of the Entra tenant that the Azure DevOps organization is connected to."),
  organizationId: guid.describe("Id of the Azure DevOps organization."),
  serviceConnectionId: guid.describe("Id of the service connection, as in its address (`resourceId`)."),
});

/** The input of a step that trusts an issuer. */
export const trustInput = z.union([
  z.object({ github: github.describe("Jobs of GitHub Actions.") }),
  z.object({ azureDevOps: azureDevOps.describe("A service connection of Azure DevOps.") }),
  z.object({
    issuer: z
      .string()
      .regex(/^https:\/\//)
      .max(600)
      .describe("`iss` of the tokens."),
    subject: z.string().min(1).max(600).describe("`sub` of the tokens."),
  }),
]);
export type Trust = z.output<typeof trustInput>;

/** What Entra asks of `aud`, in all clouds but national ones: learn.microsoft.com/entra/workload-id. */
export const audience = "api://AzureADTokenExchange";

export const issuerOf = (trust: Trust): string => {
  if ("github" in trust) return "https://token.actions.githubusercontent.com";
  if ("azureDevOps" in trust) {
    return `https://login.microsoftonline.com/${trust.azureDevOps.tenantId.toLowerCase()}/v2.0`;
  }
  return trust.issuer;
};

export const subjectOf = (trust: Trust): string => {
  if ("github" in trust) return githubSubject(trust.github);
  if ("azureDevOps" in trust) return azureDevOpsSubject(trust.azureDevOps);
  return trust.subject;
};

/** https://docs.github.com/actions/reference/security/oidc: the forms of `sub`, and those with numbers that never change. */
const githubSubject = (trust: z.output<typeof github>): string => {
  const [owner = "", name = ""] = trust.repository.split("/");
  const numbered = trust.ownerId !== "" && trust.repositoryId !== "";
  const prefix = numbered
    ? `repo:${owner}@${trust.ownerId}/${name}@${trust.repositoryId}`
    : `repo:${trust.repository}`;
  const { jobs } = trust;
  if ("branch" in jobs) return `${prefix}:ref:refs/heads/${jobs.branch}`;
  if ("tag" in jobs) return `${prefix}:ref:refs/tags/${jobs.tag}`;
  // A colon in a name would end it.
  if ("environment" in jobs) return `${prefix}:environment:${jobs.environment.replaceAll(":", "%3A")}`;
  return `${prefix}:pull_request`;
};

/** Azure DevOps's own application in Entra, 499b84ac-1321-427f-aa17-267ca6975798, as subjects name it. */
const azureDevOpsApplication = "rISbSSETf0KqFyZ8ppdXmA";

/** The subject of connections with Entra's issuer, which all new ones have; shown as `Subject identifier`. */
const azureDevOpsSubject = ({
  tenantId,
  organizationId,
  serviceConnectionId,
}: z.output<typeof azureDevOps>): string =>
  [
    "/eid1/c/pub/t",
    guidInBase64(tenantId),
    "a",
    azureDevOpsApplication,
    "sc",
    organizationId.toLowerCase(),
    serviceConnectionId.toLowerCase(),
  ].join("/");

/** The bytes of a GUID as .NET has them (the first three groups turned round), in base64url. */
const guidInBase64 = (text: string): string => {
  const bytes = Buffer.from(text.replaceAll("-", ""), "hex");
  bytes.subarray(0, 4).reverse();
  bytes.subarray(4, 6).reverse();
  bytes.subarray(6, 8).reverse();
  return bytes.toString("base64url");
};
