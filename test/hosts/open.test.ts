/** What every host begins with: a variable that is set to nothing, as an expression that gives nothing, is not set. */
import { join } from "node:path";
import { expect, test } from "vitest";
import { realMachine } from "../../src/hosts/machine.ts";
import { openOnHost } from "../../src/hosts/open.ts";
import { sandboxFolder } from "../../src/hosts/sandbox.ts";
import { openMemoryHost } from "./ci/memory-host.ts";

const pipeline =
  "name: g\nsteps: { group: { uses: azure/resource-group, with: { name: rg, location: westeurope } } }\n";

test("settings that are empty are those that nobody gave", async () => {
  const { workspace, signals } = await openMemoryHost({ "p.yaml": pipeline });
  const empty = { PROVISION_AZURE_ENDPOINT: "", PROVISION_CHARTS: "", PROVISION_POLL_INTERVAL: "" };
  const { world } = await openOnHost(
    { machine: realMachine(empty, workspace), signals, sandboxEntry: "", emit: () => {} },
    {
      file: "p.yaml",
      inputs: [],
      offline: true,
      lenientSecrets: false,
      trustLocalSteps: true,
      sandbox: false,
      subscription: "",
    },
  );
  expect(world.environment).toMatchObject({ azure: {}, pollInterval: 3_000 });
  expect(world.environment.azure.endpoint).toBeUndefined();
  expect(world.environment.chartMirror).toBeUndefined();
  expect(world.environment.azure.subscription).toBeUndefined();
});

test("the sandbox's folder is the user's own where the variable is empty", () => {
  const variables = { PROVISION_SANDBOX: "", XDG_STATE_HOME: "/state" };
  expect(sandboxFolder({ variables })).toBe(join("/state", "provision", "sandbox"));
});
