/** The shipped pipeline for a cluster that is already there: up, up again, destroy; cluster and group stay. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { failuresOf, openCommand, type TestCommand, written } from "./command.ts";
import { kubeconfigOf, kubectl } from "./kubectl.ts";
import { smallCluster } from "./small-cluster.ts";

let command: TestCommand;
beforeAll(async () => {
  command = await openCommand("existing");
});
afterAll(() => command[Symbol.asyncDispose]());

const inventorySchema = z.looseObject({ groups: z.array(z.string()), resources: z.array(z.string()) });
const resources = async () => {
  const { groups, resources } = inventorySchema.parse(await command.control("inventory"));
  return [...groups, ...resources].toSorted();
};

test("nginx and cert-manager on a cluster of somebody else's, and away again", async () => {
  const base = await command.file("base.yaml", smallCluster("base"));
  expect((await command.run(["up", "--sandbox", "--yes", base])).exitCode).toBe(0);
  const before = await resources();
  const kubeconfig = await kubeconfigOf(command, base);
  const held = () =>
    kubectl(kubeconfig, [
      "get",
      "namespaces,crds,clusterroles,validatingwebhookconfigurations",
      "-o",
      "name",
    ]);
  const heldBefore = await held();
  const words = [
    "pipelines/existing-cluster.yaml",
    ...Object.entries({ kubeconfig, context: "base", group: "MC_rg-base_base_westeurope" }).flatMap(
      ([name, value]) => ["--input", `${name}=${value}`],
    ),
  ];

  const first = await command.events("up", words).ended;
  expect(failuresOf(first.events)).toEqual([]);
  expect(first.said).toContain('"outcome":"done"');
  expect(written(first.events).toSorted()).toEqual([
    "cert-manager create",
    "ip create",
    "issuers create",
    "nginx create",
  ]);
  const again = await command.events("up", words).ended;
  expect({ exitCode: again.exitCode, written: written(again.events) }).toEqual({ exitCode: 0, written: [] });

  const destroyed = await command.events("destroy", words).ended;
  expect(failuresOf(destroyed.events)).toEqual([]);
  expect(destroyed.exitCode).toBe(0);
  expect(await resources()).toEqual(before);
  expect(await held()).toBe(heldBefore);
  expect(destroyed.said).not.toContain(" stays");
  // The other pipeline finds its cluster as it left it.
  expect((await command.run(["up", "--sandbox", "--yes", base])).said).toContain("Nothing to do");
});
