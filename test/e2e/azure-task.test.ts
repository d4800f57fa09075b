/** The shipped Azure Pipelines task on a sandbox: its whole life, what goes wrong, and what a stranger may not do. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";
import { bundledTool } from "../../src/clients/helm/bundled.ts";
import { planSchema } from "../../src/plan/plan-file.ts";
import { secretForms } from "../../src/reporters/secret-forms.ts";
import { type Connection, connectionId } from "../hosts/azure-task/agent-environment.ts";
import { issuesOf, startTask, type TaskOptions, type TaskResult } from "./azure-agent.ts";
import { root, type TestCommand } from "./command.ts";
import { cancelled, clusterWithChart, type HostOfJobs, openJobOn, writeChart } from "./job-on-sandbox.ts";

const staticIp = await readFile(join(root, "pipelines", "static-ip.yaml"), "utf8");
const lineOf = (text: string, start: string) =>
  text.split("\n").findIndex((line) => line.startsWith(start)) + 1;

const agent: HostOfJobs<Partial<TaskOptions>, TaskResult> = {
  checkout: "s",
  start: (options, over) => startTask({ ...over, ...options }),
};
const openJob = (name: string, pipeline = staticIp) => openJobOn(name, agent, pipeline);

const handed = z.object({
  variables: z.object({ SYSTEM_OIDCREQUESTURI: z.string(), SYSTEM_ACCESSTOKEN: z.string() }),
});
const sandboxFile = z.looseObject({ port: z.number() });
const settingsFile = z.looseObject({
  tenant: z.string(),
  subscription: z.string(),
  clientSecret: z.string(),
  cloudflareToken: z.string(),
});
const parsedFile = async <Schema extends z.ZodType>(
  schema: Schema,
  ...path: readonly string[]
): Promise<z.output<Schema>> => schema.parse(JSON.parse(await readFile(join(...path), "utf8")));

/** The service connection that the bootstrap pipeline makes, and a job that may use it: its assertions live for seconds. */
const bootstrap = async (command: TestCommand) => {
  const { events, exitCode, said } = await command.events("up", [
    join(root, "pipelines", "bootstrap-azure-devops.yaml"),
    "--input",
    "organization-id=0f6f3d1e-7a94-4b5f-a0a5-3d8e6f5f9a10",
    "--input",
    `service-connection-id=${connectionId}`,
  ]).ended;
  expect(exitCode, said).toBe(0);
  const { outputs } = z
    .looseObject({ outputs: z.record(z.string(), z.looseObject({ value: z.unknown().optional() })) })
    .parse(events.at(-1));
  const sandbox = join(command.folder, "sandbox");
  const { port } = await parsedFile(sandboxFile, sandbox, "sandbox.json");
  const { tenant, subscription } = await parsedFile(settingsFile, sandbox, "settings.json");
  const connection: Connection = {
    id: connectionId,
    url: `https://127.0.0.1:${port}/`,
    scheme: "WorkloadIdentityFederation",
    parameters: { tenantid: tenant, serviceprincipalid: String(outputs["client-id"]?.value) },
    data: { subscriptionId: subscription, environment: "AzureStack" },
  };
  const job = async (subject: string): Promise<Partial<TaskOptions>> => {
    const issuer = `https://login.microsoftonline.com/${tenant}/v2.0`;
    const { variables } = handed.parse(await command.control("assertion", { subject, issuer, lifetime: 4 }));
    const authority = join(sandbox, "authority.pem");
    return {
      connection,
      jobToken: variables.SYSTEM_ACCESSTOKEN,
      variables: {
        SYSTEM_OIDCREQUESTURI: variables.SYSTEM_OIDCREQUESTURI,
        PROVISION_CA_FILE: authority,
        NODE_EXTRA_CA_CERTS: authority,
      },
    };
  };
  return { job, subject: String(outputs.subject?.value) };
};

test("plan, up by that plan, up again, drift, destroy, logged in by the service connection that bootstrap made", async () => {
  const job = await openJob("azp-life");
  const { job: jobOf, subject } = await bootstrap(job.command);
  const over = await jobOf(subject);
  const run = (inputs: Readonly<Record<string, string>>) =>
    job.run({ sandbox: "false", inputs: "name: shop", ...inputs }, over);

  const planned = await run({ command: "plan", planFile: "plan.json" });
  expect(planned.result, planned.raw).toBe("Succeeded");
  expect(planned.exitCode).toBe(0);
  expect(planned.outputs).toEqual({ plan: join(job.command.folder, "s", "plan.json"), changes: "true" });
  const { steps } = planSchema.parse(JSON.parse(await readFile(planned.outputs.plan ?? "", "utf8")));
  expect(steps).toHaveLength(2);
  expect(planned.summary).toContain("### Plan: `static-ip/shop`");
  expect(planned.summary).not.toContain("mermaid");

  const up = await run({ command: "up", planFile: "plan.json" });
  expect(up.result, up.raw).toBe("Succeeded");
  expect(up.outputs).toEqual({ changes: "true", address: expect.stringMatching(/^[\d.]+$/) });
  expect(up.summary).toContain("### 2 steps verified");
  expect(issuesOf(up)).toEqual([]);

  const again = await run({ command: "up" });
  expect(again).toMatchObject({ result: "Succeeded", outputs: { ...up.outputs, changes: "false" } });

  const stale = await run({ command: "up", planFile: "plan.json" });
  expect(stale).toMatchObject({ result: "Failed", exitCode: 0 });
  expect(issuesOf(stale)).toEqual([expect.stringMatching(/^error \| P0443: the plan no longer holds/)]);

  await job.write(staticIp.replace('-ip" }', '-ip", idleTimeout: 7 }'));
  const drifted = await run({ command: "status" });
  expect(drifted).toMatchObject({ result: "Failed", outputs: { drift: "true", healthy: "true" } });
  expect(issuesOf(drifted)).toEqual([expect.stringContaining("error | Drift: ip")]);

  const destroyed = await run({ command: "destroy" });
  expect(destroyed).toMatchObject({ result: "Succeeded", outputs: { changes: "true" } });

  const stranger = await jobOf(subject.replace(connectionId, "00000000-0000-4000-8000-000000000000"));
  const refused = await job.run({ command: "plan", sandbox: "false" }, stranger);
  expect(refused.result).toBe("Failed");
  expect(issuesOf(refused)).toEqual([expect.stringContaining("AADSTS700213")]);
});

test("a fork's pull request: planned offline, told so where it is not, and none of its code runs", async () => {
  const job = await openJob("azp-fork");
  const over = { fork: true };
  const online = await job.run({ sandbox: "false" }, over);
  expect(online.result).toBe("Failed");
  expect(issuesOf(online)).toEqual([expect.stringContaining("plan it with `offline: true`")]);
  expect(await job.run({ sandbox: "false", offline: "true" }, over)).toMatchObject({
    result: "Succeeded",
    outputs: { changes: "true" },
  });
  await job.write("name: own\nsteps: { own: { uses: ./own.ts } }\n");
  await writeFile(join(job.command.folder, "s", "own.ts"), 'console.log("a stranger\'s code has run");\n');
  const own = await job.run({ offline: "true", sandbox: "false" }, over);
  expect(own.result).toBe("Failed");
  expect(own.raw).not.toContain("has run");
});

test("what is wrong is marked at its line: input, pipeline, step; text of others is no command", async () => {
  const job = await openJob("azp-wrong");
  const input = await job.run({ prune: "yes" });
  expect(input).toMatchObject({ result: "Failed", exitCode: 0 });
  expect(issuesOf(input)).toEqual([expect.stringContaining("P0440: the input `prune` is `yes`")]);

  const typo = staticIp.replace("azure/public-ip", "azure/public-pi");
  await job.write(typo);
  const invalid = await job.run({ command: "up" });
  expect(invalid.result).toBe("Failed");
  expect(issuesOf(invalid)).toEqual([
    expect.stringContaining(`error | P0107 | provision.yaml:${lineOf(typo, "  ip:") + 1} |`),
  ]);

  await job.write(staticIp);
  const hostile =
    "no\n##vso[task.setvariable variable=PATH]pwned\n##[error]pwned\n##vso[task.complete result=Succeeded;]pwned";
  await job.command.control("fault", {
    kind: "status",
    method: "PUT",
    path: "publicIPAddresses",
    status: 400,
    body: { error: { code: "NotAllowed", message: hostile, details: [{ code: "x", message: hostile }] } },
  });
  const failed = await job.run({ command: "up" });
  expect(failed.result).toBe("Failed");
  expect(issuesOf(failed)).toEqual([
    expect.stringMatching(
      new RegExp(`^error \\| provision\\.yaml:${lineOf(staticIp, "  ip:")} \\| NotAllowed ip: `),
    ),
  ]);
  expect(
    failed.commands.filter(({ name, data }) => name !== "task.logissue" && data.includes("pwned")),
  ).toEqual([]);
  expect(failed.log).toContain("Nothing is lost: the same job goes on from here.");
  // Goes on from there, in the sandbox that the step before left running.
  expect(await job.run({ command: "up" })).toMatchObject({ result: "Succeeded" });
});

test("cancelled as the agent does it: in order at first, at once then, and the next run goes on", async () => {
  const job = await openJob("azp-cancel");
  const ended = await cancelled(job);
  expect(ended.result).toBe("Failed");
  expect(ended.log).toContain("the same job goes on from here");
  expect(ended.summary).toContain("### Cancelled after");
  expect(await job.run({ command: "up" })).toMatchObject({
    result: "Succeeded",
    outputs: { address: expect.stringMatching(/^[\d.]+$/) },
  });
});

const cluster = clusterWithChart(`secrets: { token: { env: DEPLOY_TOKEN } }
outputs: { token: "\${{ secrets.token }}", path: "\${{ steps.cluster.outputs.name }}" }
`);

/** A Helm that writes down the environment that it was started with, and is the real one. */
const spyHelm = (real: string, file: string) => `#!/bin/sh\nenv >> '${file}'\nexec '${real}' "$@"\n`;

test("the real Helm inherits nothing of the agent's; no secret in any form anywhere but in its own variable", async () => {
  const job = await openJob("azp-helm", cluster);
  const { folder } = job.command;
  await writeChart(job.checkout);
  const real = await bundledTool(root, "helm");
  const seen = join(folder, "seen");
  await writeFile(join(folder, "helm"), spyHelm(real ?? "helm", seen), { mode: 0o755 });
  const secret = "t0ken-of-the-job/with+odd=signs&more";
  const done = await job.run(
    { command: "up" },
    {
      secretVariables: { "unmapped.token": "a-secret-that-no-step-maps" },
      jobToken: "the-own-token-of-the-job",
      variables: { DEPLOY_TOKEN: secret, PROVISION_HELM: join(folder, "helm") },
    },
  );
  expect(done.result, done.raw).toBe("Succeeded");
  const settings = await parsedFile(settingsFile, folder, "sandbox", "settings.json");
  const own = done.commands.find(({ properties }) => properties.variable === "token");
  expect(own).toMatchObject({ properties: { issecret: "true", isoutput: "true" }, data: secret });
  expect(done.outputs.path).toBeUndefined();
  expect(issuesOf(done)).toEqual([expect.stringContaining("warning | The output path is not handed on")]);

  const written = done.raw
    .split("\n")
    .filter((line) => !/^##vso\[task\.(setsecret|setvariable variable=token;)/.test(line))
    .join("\n");
  const masks = new Set(
    done.commands.filter(({ name }) => name === "task.setsecret").map(({ data }) => data),
  );
  for (const text of [secret, settings.clientSecret, settings.cloudflareToken]) {
    const forms = secretForms(text);
    // Also without the agent's masks: they never had to do anything.
    for (const told of [written, done.log, done.summary])
      expect(forms.filter((form) => told.includes(form))).toEqual([]);
  }
  expect(secretForms(secret).filter((form) => !masks.has(form))).toEqual([]);

  const inherited = await readFile(seen, "utf8");
  expect(inherited).toContain("KUBECONFIG=");
  expect(inherited).not.toMatch(/^(ENDPOINT_|SECRET_|INPUT_)/m);
  expect(inherited).not.toContain("the-own-token-of-the-job");
  expect(inherited).not.toContain("a-secret-that-no-step-maps");
  expect(inherited).not.toContain(settings.clientSecret);
});
