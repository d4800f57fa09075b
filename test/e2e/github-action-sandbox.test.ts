/** The shipped GitHub Action on the sandbox that it starts for its job: a cluster with the real Helm, and what stays. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { secretForms } from "../../src/reporters/secret-forms.ts";
import { stop } from "../../src/sandbox/process.ts";
import { root } from "./command.ts";
import { openJob } from "./github-job.ts";
import { runStep } from "./github-runner.ts";
import { clusterWithChart, writeChart } from "./job-on-sandbox.ts";
import { control } from "./sandbox-control.ts";

test("a sandbox of the job's own with a cluster and the real Helm; no secret in any form anywhere", async () => {
  const job = await openJob("gha-helm", clusterWithChart());
  const { folder } = job.command;
  await writeChart(job.checkout);
  const secret = "t0ken-of-the-job/with+odd=signs&more";
  const done = await job.run({ command: "up", "plan-file": "", "github-token": secret });
  expect(done.exitCode, done.raw).toBe(0);
  const settings = z
    .looseObject({ clientSecret: z.string(), cloudflareToken: z.string() })
    .parse(JSON.parse(await readFile(join(folder, "sandbox", "settings.json"), "utf8")));
  const written = done.raw
    .split("\n")
    .filter((line) => !line.startsWith("::add-mask::"))
    .join("\n");
  const masks = new Set(done.commands.filter(({ name }) => name === "add-mask").map(({ data }) => data));
  for (const text of [secret, settings.clientSecret, settings.cloudflareToken]) {
    const forms = secretForms(text);
    // Also without the runner's masks: they never had to do anything.
    for (const told of [written, done.log, done.summary, JSON.stringify(done.outputs)])
      expect(forms.filter((form) => told.includes(form))).toEqual([]);
  }
  expect(secretForms(secret).filter((form) => !masks.has(form))).toEqual([]);
  expect(secretForms(settings.clientSecret).filter((form) => !masks.has(form))).toEqual([]);
  expect(await job.run({ command: "status" })).toMatchObject({ exitCode: 0, outputs: { healthy: "true" } });
});

test("the sandbox stays for later steps in the runner's own folder, and knows no input of the step that began it", async () => {
  const folder = await mkdtemp(join(tmpdir(), "provision-gha-stays-"));
  const sandbox = join(folder, "_temp", "provision-sandbox");
  onTestFinished(async () => {
    await stop(sandbox);
    await rm(folder, { recursive: true, force: true });
  });
  await mkdir(join(folder, "work"), { recursive: true });
  await writeFile(
    join(folder, "work", "provision.yaml"),
    await readFile(join(root, "pipelines", "static-ip.yaml"), "utf8"),
  );
  const run = (command: string) => runStep({ folder, inputs: { command, sandbox: "true" } });
  expect(await run("up")).toMatchObject({ exitCode: 0, outputs: { changes: "true" } });
  expect(JSON.stringify(await control(sandbox, "inventory"))).toContain("demo-ip");
  const { pid } = z
    .looseObject({ pid: z.number() })
    .parse(JSON.parse(await readFile(join(sandbox, "sandbox.json"), "utf8")));
  expect(await readFile(`/proc/${pid}/environ`, "utf8")).not.toMatch(/INPUT_|ghs_theJobsOwnToken/);
  expect(await run("up")).toMatchObject({ exitCode: 0, outputs: { changes: "false" } });
});
