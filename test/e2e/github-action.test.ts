/** The shipped GitHub Action on a sandbox: its whole life, what goes wrong, and what a stranger may not do. */

import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { planSchema } from "../../src/plan/plan-file.ts";
import { forkPullRequest, pullRequest } from "../hosts/github-action/payloads.ts";
import { root, type TestCommand } from "./command.ts";
import { openJob } from "./github-job.ts";
import { annotationsOf } from "./github-runner.ts";
import { cancelled } from "./job-on-sandbox.ts";

const staticIp = await readFile(join(root, "pipelines", "static-ip.yaml"), "utf8");
const lineOf = (text: string, start: string) =>
  text.split("\n").findIndex((line) => line.startsWith(start)) + 1;

const handed = z.object({
  variables: z.object({
    ACTIONS_ID_TOKEN_REQUEST_URL: z.string(),
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: z.string(),
  }),
});

/** The login that the bootstrap pipeline makes, and what a job of the branch main gets to use it. */
const bootstrap = async (command: TestCommand) => {
  const { events, exitCode, said } = await command.events("up", [
    join(root, "pipelines", "bootstrap-github.yaml"),
    "--input",
    "repository=octo/shop",
  ]).ended;
  expect(exitCode, said).toBe(0);
  const { outputs } = z
    .looseObject({ outputs: z.record(z.string(), z.looseObject({ value: z.unknown().optional() })) })
    .parse(events.at(-1));
  const clientId = z.string().parse(outputs["client-id"]?.value);
  const tokens = async (subject: string) =>
    handed.parse(await command.control("assertion", { subject, lifetime: 4 })).variables;
  return { clientId, tokens };
};

test("plan, up by that plan, up again, drift, destroy, logged in by GitHub's tokens as what bootstrap made", async () => {
  const job = await openJob("gha-life", staticIp);
  const { clientId, tokens } = await bootstrap(job.command);
  const variables = await tokens("repo:octo/shop:ref:refs/heads/main");
  const run = (inputs: Readonly<Record<string, string>>) =>
    job.run({ "azure-client-id": clientId, inputs: "name: shop", ...inputs }, { variables });

  const planned = await run({ command: "plan", "plan-file": "plan.json" });
  expect(planned.exitCode, planned.raw).toBe(0);
  expect(planned.outputs).toEqual({
    plan: join(job.command.folder, "work", "plan.json"),
    changes: "true",
  });
  expect(planSchema.parse(JSON.parse(await readFile(planned.outputs.plan ?? "", "utf8"))).steps).toHaveLength(
    2,
  );

  const up = await run({ command: "up", "plan-file": "plan.json" });
  expect(up.exitCode, up.raw).toBe(0);
  expect(up.outputs).toEqual({ changes: "true", address: expect.stringMatching(/^[\d.]+$/) });
  expect(up.summary).toContain("### 2 steps verified");
  expect(annotationsOf(up)).toEqual([]);

  const again = await run({ command: "up" });
  expect(again.outputs).toEqual({ ...up.outputs, changes: "false" });

  const stale = await run({ command: "up", "plan-file": "plan.json" });
  expect(stale.exitCode).toBe(1);
  expect(annotationsOf(stale)).toEqual([
    expect.stringMatching(/^error \| P0443 \| the plan no longer holds/),
  ]);

  await job.write(staticIp.replace('-ip" }', '-ip", idleTimeout: 7 }'));
  const drifted = await run({ command: "status" });
  expect(drifted).toMatchObject({ exitCode: 3, outputs: { drift: "true", healthy: "true" } });
  expect(annotationsOf(drifted)).toEqual([expect.stringContaining("error | Drift | ip")]);

  const destroyed = await run({ command: "destroy" });
  expect(destroyed).toMatchObject({ exitCode: 0, outputs: { changes: "true" } });

  const stranger = await tokens("repo:octo/shop:ref:refs/heads/topic");
  const refused = await job.run({ command: "plan", "azure-client-id": clientId }, { variables: stranger });
  expect(refused.exitCode).toBe(1);
  expect(annotationsOf(refused)).toEqual([
    expect.stringContaining(`error | AADSTS700213 group | provision.yaml:${lineOf(staticIp, "  group:")} |`),
  ]);
});

test("a pull request: the plan is its comment, brought up to date; a token that may not is a warning", async () => {
  const job = await openJob("gha-comment", staticIp);
  const comments: { body: string; user: { type: string } }[] = [];
  const asked: string[] = [];
  let allowed = true;
  const server = createServer(async (request, response) => {
    asked.push(`${request.method} ${request.url}`);
    if (!allowed)
      return response
        .writeHead(403)
        .end(JSON.stringify({ message: "Resource not accessible by integration" }));
    if (request.method === "GET")
      return response.end(JSON.stringify(comments.map((comment, id) => ({ id, ...comment }))));
    let text = "";
    for await (const part of request) text += part;
    const { body } = z.object({ body: z.string() }).parse(JSON.parse(text));
    comments[0] = { body, user: { type: "Bot" } };
    return response.end(JSON.stringify({ id: 0 }));
  }).listen(0, "127.0.0.1");
  onTestFinished(() => {
    server.close();
  });
  await once(server, "listening");
  const address = z.object({ port: z.number() }).parse(server.address());
  const over = {
    event: "pull_request",
    payload: pullRequest,
    variables: { GITHUB_API_URL: `http://127.0.0.1:${address.port}` },
  };
  const inputs = { command: "plan", offline: "true", comment: "true" };
  expect(await job.run(inputs, over)).toMatchObject({ exitCode: 0 });
  expect(await job.run({ ...inputs, inputs: "location: northeurope" }, over)).toMatchObject({ exitCode: 0 });
  expect(asked.filter((line) => !line.startsWith("GET"))).toEqual([
    "POST /repos/octo/shop/issues/7/comments",
    "PATCH /repos/octo/shop/issues/comments/0",
  ]);
  expect(comments[0]?.body).toContain("northeurope");
  expect(comments[0]?.body).toContain("0123456 · [log](https://github.example/octo/shop/actions/runs/42)");

  allowed = false;
  const silent = await job.run(inputs, over);
  expect(silent.exitCode).toBe(0);
  expect(annotationsOf(silent)).toEqual([
    expect.stringMatching(/^warning \| No comment \| .*`permissions: pull-requests: write`/),
  ]);
});

test("a fork's pull request: planned offline, told so where it is not, and none of its code runs", async () => {
  const job = await openJob("gha-fork", staticIp);
  const over = { event: "pull_request_target", payload: forkPullRequest };
  const online = await job.run({ command: "plan", sandbox: "false" }, over);
  expect(online.exitCode).toBe(2);
  expect(annotationsOf(online)).toEqual([
    expect.stringMatching(/offline: \$\{\{ github\.event\.pull_request\.head\.repo\.fork \}\}/),
  ]);
  expect(await job.run({ command: "plan", sandbox: "false", offline: "true" }, over)).toMatchObject({
    exitCode: 0,
    outputs: { changes: "true" },
  });
  await job.write("name: own\nsteps: { own: { uses: ./own.ts } }\n");
  await writeFile(join(job.command.folder, "work", "own.ts"), 'console.log("a stranger\'s code has run");\n');
  const own = await job.run({ command: "plan", offline: "true", sandbox: "false" }, over);
  expect(own.exitCode).toBe(2);
  expect(own.raw).not.toContain("has run");
});

test("what is wrong is marked at its line: input, pipeline, step", async () => {
  const job = await openJob("gha-wrong", staticIp);
  const input = await job.run({ command: "plan", prune: "yes" });
  expect(input.exitCode).toBe(2);
  expect(annotationsOf(input)).toEqual([expect.stringContaining("input `prune` can't be `yes`")]);

  const typo = staticIp.replace("azure/public-ip", "azure/public-pi");
  await job.write(typo);
  const invalid = await job.run({ command: "up" });
  expect(invalid.exitCode).toBe(2);
  expect(annotationsOf(invalid)).toEqual([
    expect.stringContaining(`error | P0107 | provision.yaml:${lineOf(typo, "  ip:") + 1} |`),
  ]);

  await job.write(staticIp);
  const hostile = "no\n::error::pwned\n##[add-mask]pwned\n::stop-commands::pwned\r::warning::pwned";
  await job.command.control("fault", {
    kind: "status",
    method: "PUT",
    path: "publicIPAddresses",
    status: 400,
    body: { error: { code: "NotAllowed", message: hostile, details: [{ code: "x", message: hostile }] } },
  });
  const failed = await job.run({ command: "up" });
  expect(failed.exitCode).toBe(1);
  expect(annotationsOf(failed)).toEqual([
    expect.stringContaining(`error | NotAllowed ip | provision.yaml:${lineOf(staticIp, "  ip:")} |`),
  ]);
  expect(failed.commands.filter(({ name, data }) => name !== "error" && data.includes("pwned"))).toEqual([]);
  expect(failed.log).toContain("Nothing is lost: the same job goes on from here.");
  // Goes on from there, in the sandbox that the step before left running.
  expect(await job.run({ command: "up" })).toMatchObject({ exitCode: 0 });
});

test("cancelled as the runner does it: in order at first, at once then, and the next run goes on", async () => {
  const job = await openJob("gha-cancel", staticIp);
  const ended = await cancelled(job);
  expect(ended.exitCode).toBe(130);
  expect(ended.log).toContain("the same job goes on from here");
  expect(ended.summary).toContain("### Cancelled after");
  expect(await job.run({ command: "up" })).toMatchObject({
    exitCode: 0,
    outputs: { address: expect.stringMatching(/^[\d.]+$/) },
  });
});
