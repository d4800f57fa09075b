/** `provision access` as a person types it: no login, no network, the roles by scope, and why. */
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { openCommandLine } from "./command.ts";

const main = join(resolve(import.meta.dirname, "../../.."), "pipelines", "aks-nginx-flux.yaml");
const words = ["access", main, "--input", "domain=example.com"];

test("the roles stand under their scope, with the steps that need them", async () => {
  await using command = await openCommandLine();
  const { code, out, err } = await command.run(...words, "--subscription", "sub");
  expect({ code, err }).toEqual({ code: 0, err: "" });
  expect(out.split("\n")).toEqual([
    "/subscriptions/sub",
    "  Role Based Access Control Administrator  grant; to assign Network Contributor alone",
    "  Contributor                              ip-group, group, ip, identity, logs, grant, cluster",
    "",
  ]);
});

test("--json gives roles and every action; without a subscription its place is held", async () => {
  await using command = await openCommandLine();
  const { code, out } = await command.run(...words, "--json");
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({
    grants: [{ scope: "/subscriptions/{subscription}" }, { role: "Contributor" }],
    uncovered: [],
    unknown: [],
  });
});

test("a pipeline that asks nothing of Azure needs no role", async () => {
  await using command = await openCommandLine();
  const file = join(resolve(main, ".."), "existing-cluster.yaml");
  const { out } = await command.run(
    ...["access", file, "--input", "kubeconfig=k", "--input", "context=c", "--input", "group=rg"],
  );
  expect(out).toContain("/subscriptions/{subscription}/resourceGroups/rg");
  expect(out).not.toMatch(/^ {2}Contributor/m);
});
