import { expect, test } from "vitest";
import { renderStatusMarkdown } from "../../src/reporters/status-markdown.ts";
import { failure, plan, step } from "./samples.ts";

test("all well is one sentence", () => {
  const well = plan({ steps: [step("group", "azure/resource-group", "none")] });
  expect(renderStatusMarkdown(well, [])).toBe(
    "### Status: `aks-nginx-flux/clu-demo`\n\nAll is well. Steps looked at: 1.\n",
  );
});

test("what does not work comes first, then what differs, once each", () => {
  const text = renderStatusMarkdown(plan(), [{ step: "nginx", failure }]);
  expect(text).toContain("Of 6 steps, 1 does not work and 4 differ from the pipeline.");
  expect(text).toContain(
    "- ❌ **P0540** `nginx`: the Service nginx/controller has no address\n  - grant the cluster's",
  );
  expect(text).toContain("| `ip` | `azure/public-ip` | idleTimeout: 4 → 10; token: (secret, changed) |");
  expect(text).toContain("| `identity` | `azure/managed-identity` | not there |");
  expect(text.match(/`nginx`/g)).toHaveLength(1);
  expect(renderStatusMarkdown(plan(), [], ["nginx", "flux"])).toMatch(
    /^Not verified, .*: `nginx`, `flux`\.$/m,
  );
});
