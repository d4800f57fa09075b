/** An AKS cluster whose last operation failed: said once with what Azure said, and mended by the next `up`. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { failuresOf, openCommand, type TestCommand, written } from "./command.ts";
import { smallCluster } from "./small-cluster.ts";

let command: TestCommand;
beforeEach(async () => {
  command = await openCommand("failed");
});
afterEach(() => command[Symbol.asyncDispose]());

const up = async (file: string) => command.events("up", [file]).ended;

/** The cluster's next operation is accepted, and ends as failed. */
const failNext = () =>
  command.control("fault", {
    service: "arm",
    method: "PUT",
    path: "managedClusters/[^/]+$",
    kind: "failed-operation",
    code: "ReconcileVMSSAgentPoolFailed",
    message: "VMSS Agent Pool reconcile failed: Allocation failed.",
  });

const failure = {
  step: "cluster",
  failure: expect.objectContaining({
    code: "ReconcileVMSSAgentPoolFailed",
    message: expect.stringContaining("Allocation failed"),
    resource: expect.stringContaining("managedClusters/clu"),
    hint: expect.any(String),
  }),
};

const recovers = async (file: string) => {
  const plan = await command.run(["plan", "--sandbox", file]);
  expect(plan.said).toMatch(/~ cluster[\s\S]*its last operation ended as Failed/);
  const mended = await up(file);
  expect(failuresOf(mended.events)).toEqual([]);
  expect(written(mended.events)).toContain("cluster update");
  expect(mended.exitCode).toBe(0);
  expect((await command.run(["up", "--sandbox", "--yes", file])).said).toContain("Nothing to do");
};

test("a cluster whose creation failed is put again, and not made anew", async () => {
  const file = await command.file("pipeline.yaml", smallCluster("clu"));
  await failNext();
  const failed = await up(file);
  expect(failed.exitCode).toBe(1);
  expect(failuresOf(failed.events)).toEqual([failure]);
  await recovers(file);
});

test("a cluster whose update failed is told by a person's output too, and mended", async () => {
  const file = await command.file("pipeline.yaml", smallCluster("clu"));
  expect((await up(file)).exitCode).toBe(0);
  await command.file("pipeline.yaml", smallCluster("clu").replace("count: 1", "count: 2"));
  await failNext();
  const { exitCode, said } = await command.run(["up", "--sandbox", "--yes", file]);
  expect(exitCode).toBe(1);
  expect(said.match(/error\[/g)).toHaveLength(1);
  expect(said).toMatch(/error\[ReconcileVMSSAgentPoolFailed\] cluster: [\s\S]*hint +\S/);
  expect(said).toMatch(/Next: provision up/);
  await recovers(file);
});
