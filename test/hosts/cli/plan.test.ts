/** `plan`: the next command that it names is one that works, whatever the plan's file is called. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { planSchema } from "../../../src/plan/plan-file.ts";
import { openCommandLine } from "./command.ts";

const pipeline =
  "name: g\nsteps:\n  group: { uses: azure/resource-group, with: { name: rg, location: westeurope } }\n";

test("an offline plan asserts nothing, so what comes next is to plan online", async () => {
  await using command = await openCommandLine();
  await writeFile(join(command.folder, "p.yaml"), pipeline);
  const { code, out } = await command.run("plan", "--offline", "--out", "plan.json", "p.yaml");
  expect(out).toMatch(/\nNext: provision plan p\.yaml /);
  expect(code).toBe(0);
});

test.each(["tfplan", "plan.json", "p.plan"])("`up` knows the plan in %s as one", async (name) => {
  await using command = await openCommandLine();
  await writeFile(join(command.folder, "p.yaml"), pipeline);
  await command.run("plan", "--offline", "--out", name, "p.yaml");
  planSchema.parse(JSON.parse(await readFile(join(command.folder, name), "utf8")));
  const { code, err } = await command.run("up", "--yes", name);
  expect(err).toContain(`error[P0442] can't use ${name} as a plan: it was made offline`);
  expect(code).toBe(2);
});

test("a file of another name that holds no plan is a pipeline, as it was", async () => {
  await using command = await openCommandLine();
  await writeFile(join(command.folder, "Pipeline"), "name: g\nsteps: { group: { uses: no/such } }\n");
  const { code, err } = await command.run("up", "--yes", "Pipeline");
  expect(err).toMatch(/error\[P0\d+\][^\n]*no\/such/);
  expect(code).toBe(2);
});

test("a pipeline that comes through a pipe is read once", async () => {
  const once = ["name: g\nsteps: { group: { uses: no/such } }\n"];
  await using command = await openCommandLine({
    size: async () => 0,
    readText: async () => once.shift() ?? "",
  });
  expect((await command.run("up", "--yes", "/dev/fd/63")).err).toMatch(/error\[P0\d+\][^\n]*no\/such/);
});

test("a plan is never written over what is a pipeline by its name", async () => {
  await using command = await openCommandLine();
  await writeFile(join(command.folder, "p.yaml"), pipeline);
  const { code, err } = await command.run("plan", "--offline", "--out", "p.yaml", "p.yaml");
  expect(err).toMatch(
    /^error\[P0440\] --out p\.yaml [\s\S]*hint +choose another name, as in `--out plan\.json`/,
  );
  expect(code).toBe(2);
  expect(await readFile(join(command.folder, "p.yaml"), "utf8")).toBe(pipeline);
});

test("a folder without a pipeline is told where one comes from", async () => {
  await using command = await openCommandLine();
  const { code, err } = await command.run("plan", "--offline");
  expect(err.replaceAll(/\s+/g, " ")).toContain("`provision init` writes one");
  expect(code).toBe(2);
});
