/** The issue that the nightly status keeps: the script of the workflow itself, run against issues in memory. */
import { expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { combinationsOf } from "./combinations.ts";
import { generatedWorkflow } from "./generated.ts";

const scriptSchema = z.object({
  jobs: z.object({
    status: z.object({
      steps: z.array(z.object({ with: z.object({ script: z.string().optional() }).optional() })),
    }),
  }),
});

const script = async (): Promise<string> => {
  const [combination] = combinationsOf("github");
  if (!combination) throw new Error("there is a combination");
  const { jobs } = scriptSchema.parse(parse(await generatedWorkflow(combination)));
  return jobs.status.steps.map((step) => step.with?.script).find((text) => text !== undefined) ?? "";
};

interface Issue {
  readonly number: number;
  readonly title: string;
  readonly body: string;
  readonly state: string;
  readonly labels: readonly string[];
}

/** As much of GitHub's issues as the script asks for. */
const repositoryOf = (issues: Issue[]) => {
  const comments: string[] = [];
  const update = ({ issue_number, ...change }: { issue_number: number } & Partial<Issue>) => {
    const at = issues.findIndex(({ number }) => number === issue_number);
    const issue = issues[at];
    if (issue) issues[at] = { ...issue, ...change };
  };
  return {
    issues,
    comments,
    github: {
      paginate: async (list: (options: unknown) => unknown, options: unknown) => list(options),
      rest: {
        issues: {
          listForRepo: ({ state, labels }: { state: string; labels: string }) =>
            issues.filter((issue) => issue.state === state && issue.labels.includes(labels)),
          create: async (issue: Omit<Issue, "number" | "state">) =>
            issues.push({ ...issue, number: issues.length + 1, state: "open" }),
          update: async (options: { issue_number: number }) => update(options),
          createComment: async ({ body }: { body: string }) => comments.push(body),
        },
      },
    },
  };
};

const context = { repo: { owner: "octo", repo: "net" }, serverUrl: "https://github.com", runId: 7 };

type Night = Readonly<Record<"OUTCOME" | "DRIFT" | "HEALTHY", string>>;
const well: Night = { OUTCOME: "success", DRIFT: "false", HEALTHY: "true" };
const drift: Night = { OUTCOME: "failure", DRIFT: "true", HEALTHY: "true" };
const ill: Night = { OUTCOME: "failure", DRIFT: "false", HEALTHY: "false" };
const unseen: Night = { OUTCOME: "failure", DRIFT: "", HEALTHY: "" };

/** Runs the script as actions/github-script does: a function of these names, and variables in `process.env`. */
const nights = async (...all: readonly (Night & { readonly environment?: string })[]) => {
  const repository = repositoryOf([]);
  const body = `return (async () => {${await script()}})()`;
  for (const { environment = "prod", ...night } of all) {
    const run: unknown = new Function("github", "context", "process", body)(repository.github, context, {
      env: { ENVIRONMENT: environment, ...night },
    });
    await run;
  }
  return repository;
};

test("a night on which all is well leaves no trace", async () => {
  expect((await nights(well, well)).issues).toEqual([]);
});

test.for([
  ["drift", drift, "Something differs from the pipeline."],
  ["ill health", ill, "Something does not work."],
  ["a status that could not be had", unseen, "It could not be looked at."],
] as const)("%s opens one issue, that says so and where to look", async ([, night, says]) => {
  const { issues } = await nights(night);
  expect(issues).toHaveLength(1);
  expect(issues[0]).toMatchObject({ title: "provision: prod is not as it should be", labels: ["provision"] });
  expect(issues[0]?.body).toMatch(new RegExp(`^${says}\\n\\n.*https://github.com/octo/net/actions/runs/7`));
});

test("night after night it stays one issue, with what holds now; it is closed when all is well, and opened anew", async () => {
  const { issues, comments } = await nights(drift, ill, well, well, drift);
  expect(issues.map(({ state }) => state)).toEqual(["closed", "open"]);
  expect(issues[0]?.body).toContain("Something does not work.");
  expect(comments).toEqual(["All is well again: https://github.com/octo/net/actions/runs/7"]);
});

test("each environment has its own", async () => {
  const { issues } = await nights(
    { ...drift, environment: "dev" },
    { ...drift, environment: "prod" },
    { ...well, environment: "dev" },
  );
  expect(issues.map(({ title, state }) => [title, state])).toEqual([
    ["provision: dev is not as it should be", "closed"],
    ["provision: prod is not as it should be", "open"],
  ]);
});
