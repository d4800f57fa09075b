/** What a plan asks of the world before its first write: each requirement with the step that has it. */
import { expect, test } from "vitest";
import { requirementsOf } from "../../src/application/preflight.ts";
import { createRequest } from "../../src/application/request.ts";
import { checkPipeline } from "../../src/language/check.ts";
import { registry } from "../../src/registry/registry.ts";
import { planOffline } from "../../src/run/prepare.ts";

const text = `
name: two
steps:
  group: { uses: azure/resource-group, with: { name: rg, location: westeurope } }
  first: { uses: azure/public-ip, with: { group: "\${{ steps.group.outputs }}", name: first } }
  second: { uses: azure/public-ip, with: { group: "\${{ steps.group.outputs }}", name: second } }
`;

const open = async () => {
  const { pipeline, diagnostics } = checkPipeline(text, { file: "p.yaml", manifest: registry.manifest });
  if (!pipeline) throw new Error(JSON.stringify(diagnostics));
  return createRequest({
    text,
    pipeline,
    registry,
    inputs: new Map(),
    secret: () => "",
    subscription: "s",
    tenant: undefined,
    toolVersion: "0",
    offline: false,
  });
};

test("what several steps need alike is asked in the name of each", async () => {
  const request = await open();
  const asked = requirementsOf(request, planOffline(request));
  const of = (kind: string) => asked.filter((each) => each.kind === kind).map(({ step }) => step);
  expect(of("public-ip")).toEqual(["first", "second"]);
  expect(of("provider")).toEqual(["first", "second"]);
  expect(of("permission")).toEqual(["group", "first", "second"]);
});

test("a step that will write nothing asks nothing, and one that is updated no share of a quota", async () => {
  const request = await open();
  const plan = planOffline(request);
  const action = (id: string) => (id === "second" ? "update" : "none");
  const steps = plan.steps.map((step) => ({ ...step, action: action(step.id) }) as const);
  const asked = requirementsOf(request, { ...plan, steps });
  expect(asked.map(({ kind, step }) => `${step} ${kind}`)).toEqual(["second provider", "second permission"]);
});
