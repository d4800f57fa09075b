/** Issuers and subjects as the CI hosts' tokens really carry them: Entra compares character by character. */
import { expect, test } from "vitest";
import { issuerOf, subjectOf, type Trust } from "../../../src/families/entra/trust.ts";

const github = (jobs: Extract<Trust, { github: unknown }>["github"]["jobs"], ids = ["", ""]): Trust => ({
  github: { repository: "octocat/my-repo", ownerId: ids[0] ?? "", repositoryId: ids[1] ?? "", jobs },
});

test.each([
  [{ branch: "main" }, "repo:octocat/my-repo:ref:refs/heads/main"],
  [{ branch: "feature/x" }, "repo:octocat/my-repo:ref:refs/heads/feature/x"],
  [{ tag: "v1" }, "repo:octocat/my-repo:ref:refs/tags/v1"],
  [{ environment: "Production" }, "repo:octocat/my-repo:environment:Production"],
  [{ environment: "a:b" }, "repo:octocat/my-repo:environment:a%3Ab"],
  [{ pullRequest: true }, "repo:octocat/my-repo:pull_request"],
] as const)("GitHub's jobs of %o", (jobs, subject) => {
  expect(subjectOf(github(jobs))).toBe(subject);
  expect(issuerOf(github(jobs))).toBe("https://token.actions.githubusercontent.com");
});

test("a repository whose subjects never change is named with its numbers, both or none", () => {
  expect(subjectOf(github({ branch: "main" }, ["123456", "456789"]))).toBe(
    "repo:octocat@123456/my-repo@456789:ref:refs/heads/main",
  );
  expect(subjectOf(github({ branch: "main" }, ["123456", ""]))).toBe(
    "repo:octocat/my-repo:ref:refs/heads/main",
  );
});

test("a service connection of Azure DevOps has Entra's issuer, and a subject of the tenant's and its own ids", () => {
  const trust: Trust = {
    azureDevOps: {
      tenantId: "72F988BF-86f1-41af-91ab-2d7cd011db47",
      organizationId: "41bf5486-7392-4b7a-a7e3-a735c767e3b3",
      serviceConnectionId: "E6B77A5F-7512-4955-8f36-22456ad98b3b",
    },
  };
  expect(issuerOf(trust)).toBe("https://login.microsoftonline.com/72f988bf-86f1-41af-91ab-2d7cd011db47/v2.0");
  expect(subjectOf(trust)).toBe(
    "/eid1/c/pub/t/v4j5cvGGr0GRqy180BHbRw/a/rISbSSETf0KqFyZ8ppdXmA/sc/41bf5486-7392-4b7a-a7e3-a735c767e3b3/e6b77a5f-7512-4955-8f36-22456ad98b3b",
  );
});

test("anybody else is trusted by issuer and subject as they are", () => {
  const trust: Trust = { issuer: "https://gitlab.com", subject: "project_path:a/b:ref_type:branch:ref:main" };
  expect([issuerOf(trust), subjectOf(trust)]).toEqual([trust.issuer, trust.subject]);
});
