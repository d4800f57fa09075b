/** What every CI host's job tells: log, annotations at their places, summary, outputs, comment, exit code. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { planSchema } from "../../../src/plan/plan-file.ts";
import { openSandbox } from "../../sandbox/open.ts";
import { openMemoryHost } from "./memory-host.ts";

const root = join(import.meta.dirname, "../../..");
const staticIp = await readFile(join(root, "pipelines/static-ip.yaml"), "utf8");

const annotations = (log: readonly string[]) => log.filter((line) => /^(error|warning|notice): /.test(line));

test("an offline plan: in log, summary and comment, with no login and no plan file", async () => {
  const host = await openMemoryHost({ "provision.yaml": staticIp });
  expect(await host.run({ offline: true, planFile: "plan.json", inputs: "name: shop" })).toBe(0);
  expect(host.told.log).toContain("Plan: 2 to create.");
  expect(host.told.log.join("\n")).toContain("no plan-file is written offline");
  expect(host.told.summary.join("")).toContain("### Plan: `static-ip/shop`");
  expect(host.told.outputs).toEqual(new Map([["changes", "true"]]));
  expect(host.told.comments).toEqual([
    {
      markdown: expect.stringContaining("2 to create. Offline"),
      about: { pipeline: "static-ip", instance: "shop" },
    },
  ]);
});

test("plan, up by that plan, up again, drift, destroy", async () => {
  const sandbox = await openSandbox();
  const host = await openMemoryHost({ "ops/provision.yaml": staticIp }, { sandbox, directory: "ops" });
  const { outputs, summary, log } = host.told;

  expect(await host.run({ planFile: "plan.json" })).toBe(0);
  const file = join(host.workspace, "ops", "plan.json");
  expect(outputs).toEqual(
    new Map([
      ["plan", file],
      ["changes", "true"],
    ]),
  );
  expect(planSchema.parse(JSON.parse(await readFile(file, "utf8"))).steps).toHaveLength(2);

  expect(await host.run({ command: "up", planFile: "plan.json" })).toBe(0);
  expect(outputs.get("address")).toMatch(/^\d+\.\d+\.\d+\.\d+$/);
  expect(summary.at(-2)).toContain("### 2 steps verified in ");
  expect(summary.at(-1)).toMatch(/^<details><summary>What was planned<\/summary>\n\n### Plan: /);

  expect(await host.run({ command: "up" })).toBe(0);
  expect(outputs.get("changes")).toBe("false");
  expect(log).toContain("Nothing to do: everything is as wanted, and verified.");

  // The plan that was approved before no longer is what would be done.
  expect(await host.run({ command: "up", planFile: "plan.json" })).toBe(1);
  expect(annotations(log).at(-1)).toContain("error: P0443:");

  expect(await host.run({ command: "status" })).toBe(0);
  expect([outputs.get("drift"), outputs.get("healthy")]).toEqual(["false", "true"]);
  await writeFile(
    join(host.workspace, "ops", "provision.yaml"),
    staticIp.replace('name: "${{ inputs.name }}-ip" }', 'name: "${{ inputs.name }}-ip", idleTimeout: 7 }'),
  );
  expect(await host.run({ command: "status" })).toBe(3);
  expect([outputs.get("drift"), outputs.get("healthy")]).toEqual(["true", "true"]);
  expect(annotations(log).at(-1)).toBe("error: Drift: ip: not as the pipeline says. `up` mends it.");

  expect(await host.run({ command: "destroy" })).toBe(0);
  expect(sandbox.control.inventory().resources).toEqual([]);
});

test.each(["up", "destroy"] as const)(
  "%s of a fork's change is refused before anything is read",
  async (command) => {
    const host = await openMemoryHost({}, { fork: true });
    expect(await host.run({ command })).toBe(2);
    expect(annotations(host.told.log)).toEqual([expect.stringMatching(/^error: P0450: .*from a fork/)]);
  },
);

test("errors of a pipeline stand at their lines, counted from the root of the checkout", async () => {
  const text = staticIp.replace("azure/public-ip", "azure/public-pi");
  const host = await openMemoryHost({ "ops/provision.yaml": text }, { directory: "ops" });
  expect(await host.run({ offline: true })).toBe(2);
  const line = text.split("\n").findIndex((each) => each.includes("public-pi")) + 1;
  expect(annotations(host.told.log)).toEqual([
    expect.stringMatching(new RegExp(`^error: P0107: .*public-ip.* at ops/provision.yaml:${line}$`)),
  ]);
  expect(host.told.summary.join("")).toContain("### The pipeline is not valid");
});

test("warnings of a valid pipeline are told, too", async () => {
  const host = await openMemoryHost({
    "provision.yaml": `${staticIp}secrets: { unused: { env: UNUSED } }\n`,
  });
  expect(await host.run({ offline: true })).toBe(0);
  expect(annotations(host.told.log)).toEqual([expect.stringContaining("warning: P0114")]);
});

test("a fork's own steps are not loaded", async () => {
  const files = {
    "provision.yaml": "name: own\nsteps:\n  own: { uses: ./own.ts }\n",
    "own.ts": "throw new Error('the code of a stranger has run');\n",
  };
  const strange = await openMemoryHost(files, { fork: true });
  expect(await strange.run({ offline: true })).toBe(2);
  expect(annotations(strange.told.log)).toEqual([expect.stringContaining("error: P0433")]);
  expect(strange.told.log.join()).not.toContain("has run");
  const own = await openMemoryHost(files);
  await own.run({ offline: true });
  expect(own.told.log.join()).toContain("has run");
});

test("nor is a program run that a fork's kubeconfig names", async () => {
  const kubeconfig = {
    "current-context": "c",
    clusters: [{ name: "c", cluster: { server: "https://127.0.0.1:1" } }],
    contexts: [{ name: "c", context: { cluster: "c", user: "u" } }],
    users: [
      {
        name: "u",
        user: {
          exec: {
            apiVersion: "client.authentication.k8s.io/v1",
            command: "node",
            args: ["-e", ""],
          },
        },
      },
    ],
  };
  const files = {
    "provision.yaml":
      "name: own\nsteps:\n  own: { uses: kubernetes/existing-cluster, with: { kubeconfig: kube.json } }\n",
    "kube.json": JSON.stringify(kubeconfig),
  };
  const strange = await openMemoryHost(files, { fork: true });
  expect(await strange.run({ command: "plan" })).toBe(1);
  expect(strange.told.log.join("\n")).toContain("P0704");
});

test("what preflight finds in the way stands in the summary, and nothing is changed", async () => {
  const sandbox = await openSandbox();
  sandbox.control.registration("Microsoft.Network", "NotRegistered");
  sandbox.control.loginRoles(["Reader"]);
  const host = await openMemoryHost({ "provision.yaml": staticIp }, { sandbox });
  expect(await host.run({ command: "up" })).toBe(4);
  expect(host.told.summary[0]).toMatch(/^### In the way: \d+, before anything was changed\n\n- ❌ /);
  expect(annotations(host.told.log)[0]).toMatch(/^error: .* at provision.yaml:\d+$/);
  expect(sandbox.control.inventory().resources).toEqual([]);
});

test("a step that fails is marked at its place, with what to do, and the run says how to go on", async () => {
  const sandbox = await openSandbox();
  sandbox.control.fault({
    kind: "status",
    method: "PUT",
    path: "publicIPAddresses",
    status: 400,
    body: { error: { code: "NotAllowed", message: "Not here." } },
  });
  const host = await openMemoryHost({ "provision.yaml": staticIp }, { sandbox });
  expect(await host.run({ command: "up" })).toBe(1);
  const line = staticIp.split("\n").findIndex((each) => each.startsWith("  ip:")) + 1;
  expect(annotations(host.told.log)).toEqual([
    expect.stringMatching(new RegExp(`^error: NotAllowed ip: .* at provision.yaml:${line}$`)),
  ]);
  expect(host.told.log).toContain("Nothing is lost: the same job goes on from here.");
  expect(host.told.summary.join("")).toContain("run the job again");
});

test("an output that has the name of one of the job's own is not handed on, and says so", async () => {
  const text = staticIp.replace("outputs:\n", "outputs:\n  Changes: ${{ inputs.name }}\n");
  const host = await openMemoryHost({ "provision.yaml": text });
  expect(await host.run({ offline: true })).toBe(0);
  expect(host.told.outputs).toEqual(new Map([["changes", "true"]]));
  expect(host.told.log.join("\n")).toContain("output Changes has the name");
});

test("the host's own words win over a hint of the command line's", async () => {
  const host = await openMemoryHost(
    { "provision.yaml": staticIp },
    { hintFor: ({ code }) => (code === "P0421" ? "Set the input." : undefined) },
  );
  expect(await host.run()).toBe(2);
  expect(annotations(host.told.log)).toEqual([
    expect.stringMatching(/^error: P0421: .* \/ Hint: Set the input\.$/),
  ]);
});

test("a login that is refused is said once, at the step that asked first, in the host's words", async () => {
  const sandbox = await openSandbox();
  sandbox.control.secretExpired(true);
  const host = await openMemoryHost(
    { "provision.yaml": staticIp },
    { sandbox, hintFor: ({ kind }) => (kind === "unauthenticated" ? "Log in." : undefined) },
  );
  expect(await host.run()).toBe(1);
  expect(annotations(host.told.log)).toEqual([
    expect.stringMatching(/^error: AADSTS7000222 group: .* \/ Hint: Log in\. at provision\.yaml:\d+$/),
  ]);
  expect(host.told.log.filter((line) => line.startsWith("error["))).toHaveLength(1);
});

test("a job that is cancelled before it began to change says how to go on", async () => {
  const sandbox = await openSandbox();
  const controller = new AbortController();
  controller.abort(new Error("cancelled"));
  const signals = { stopping: () => true, signal: controller.signal, onStopping: () => {} };
  const host = await openMemoryHost({ "provision.yaml": staticIp }, { sandbox, signals });
  expect(await host.run({ command: "up" })).toBe(130);
  expect(sandbox.control.inventory().resources).toEqual([]);
});
