import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import { renderPlan } from "../../src/reporters/plan-text.ts";
import { colorStyle, plainStyle } from "./memory-sink.ts";
import { plan, step } from "./samples.ts";

test("a plan is one line a step, with what changes, what is known later, and a sum", () => {
  expect(renderPlan(plan(), plainStyle(90))).toMatchInlineSnapshot(`
    "aks-nginx-flux/clu-demo

    = group     azure/resource-group
    ~ ip        azure/public-ip         clu-demo-ip
        idleTimeout: 4 → 10
        token: (secret, changed)
    + identity  azure/managed-identity  clu-demo-identity
    + grant     azure/role-assignment
        principalId: (known after identity)
    ~ cluster   azure/aks-cluster       was step \`aks\`: marked anew
        kubernetesVersion: 1.34.6 → 1.35.4  (running work feels it)
    ? nginx     ingress/nginx           an operation is running: pending-upgrade

    Outputs:
      address  52.0.0.1
      url      (known after nginx)
      token    (secret)

    Plan: 2 to create, 2 to update, 1 not known yet, 1 unchanged.
    "
  `);
});

test("problems stand below their step, with what to do", () => {
  const problem = {
    code: "P0413",
    message: "rg-demo exists already and carries no marks of ours",
    hint: "set `adopt: true` on step `group` to take it over, look it up with an `existing-…` step, or choose another name",
  };
  const steps = [step("group", "azure/resource-group", "decide-later", { problems: [problem] })];
  expect(renderPlan(plan({ steps, outputs: {} }), plainStyle(80))).toMatchInlineSnapshot(`
    "aks-nginx-flux/clu-demo

    ? group  azure/resource-group
        P0413 rg-demo exists already and carries no marks of ours
        hint: set \`adopt: true\` on step \`group\` to take it over, look it up with
        an \`existing-…\` step, or choose another name

    Plan: 1 not known yet.
    "
  `);
});

test("what is replaced is said to be destroyed", () => {
  const change = {
    path: "location",
    before: { kind: "value", value: "westeurope" },
    after: { kind: "value", value: "northeurope" },
    effect: "replace",
  } as const;
  const steps = [step("cluster", "azure/aks-cluster", "replace", { changes: [change] })];
  expect(renderPlan(plan({ steps, outputs: {} }), plainStyle())).toMatchInlineSnapshot(`
    "aks-nginx-flux/clu-demo

    ± cluster  azure/aks-cluster
        location: westeurope → northeurope  (destroyed and made anew)

    Plan: 1 to replace.
    "
  `);
});

test("orphans are told, and told to go where they are pruned", () => {
  const ref = { type: "dns/cloudflare-record", version: 1, id: "old.example.com/A" };
  const orphan = (prune: boolean) => [{ ref, step: "old", prune }];
  const shown = (prune: boolean) =>
    renderPlan(plan({ steps: [], orphans: orphan(prune), outputs: {} }), plainStyle());
  expect(shown(false)).toContain("--prune");
  expect(shown(true)).toContain("- old  dns/cloudflare-record  old.example.com/A");
  expect(shown(true)).toContain("Plan: 1 to delete.");
});

test("a pipeline whose instance is its own name, offline, says so in its first line", () => {
  const scope = { pipeline: "static-ip", instance: "static-ip" };
  expect(renderPlan(plan({ scope, offline: true, steps: [] }), plainStyle()).split("\n")[0]).toBe(
    "static-ip  offline: as if nothing existed yet",
  );
});

test("colour changes nothing but colour, and no line is wider than a screen of 80", () => {
  const colored = renderPlan(plan(), colorStyle(80));
  const lines = stripVTControlCharacters(colored).split("\n");
  expect(lines).toEqual(renderPlan(plan(), plainStyle(80)).split("\n"));
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
});
