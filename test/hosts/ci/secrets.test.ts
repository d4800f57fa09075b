/** A canary in every encoding reaches none of a job's places, and is masked before the pipeline is opened. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { secretForms } from "../../../src/reporters/secret-forms.ts";
import { openSandbox } from "../../sandbox/open.ts";
import { type MemoryHost, openMemoryHost } from "./memory-host.ts";

const canary = 'c4nary"/+ söcret?&=%\\end';
const forms = secretForms(canary);
const masksOf = ({ told }: MemoryHost) =>
  told.log.filter((line) => line.startsWith("mask ")).map((line) => line.slice("mask ".length));

/** All that a job told, but for the masks. */
const toldBy = ({ told: { log, summary, outputs, comments } }: MemoryHost): string =>
  [
    ...log.filter((line) => !line.startsWith("mask ")),
    ...summary,
    ...outputs.values(),
    ...comments.map(({ markdown }) => markdown),
  ].join("\n");

test("an error that holds it in every form: not in log, annotation or summary", async () => {
  const host = await openMemoryHost(
    {
      "provision.yaml": "name: own\nsteps: { own: { uses: ./own.ts } }\n",
      "own.ts": `throw new Error(${JSON.stringify(forms.join(" | "))});\n`,
    },
    { secrets: [canary] },
  );
  expect(await host.run({ offline: true })).toBe(2);
  expect(new Set(masksOf(host))).toEqual(new Set(forms));
  expect(toldBy(host)).toContain("***");
  expect(forms.filter((form) => toldBy(host).includes(form))).toEqual([]);
});

test("an input that holds it in every form: not in plan, outputs or comment", async () => {
  const host = await openMemoryHost(
    {
      "provision.yaml": `name: own
inputs: { said: { type: string } }
steps: { group: { uses: azure/resource-group, with: { name: rg, location: westeurope, tags: { said: "\${{ inputs.said }}" } } } }
outputs: { said: "\${{ inputs.said }}" }
`,
    },
    { secrets: [canary] },
  );
  expect(await host.run({ offline: true, inputs: JSON.stringify({ said: forms.join(" ") }) })).toBe(0);
  expect(host.told.outputs.get("said")).toContain("***");
  expect(forms.filter((form) => toldBy(host).includes(form))).toEqual([]);
});

test("a secret of the pipeline is masked before anything is asked of anybody", async () => {
  const controller = new AbortController();
  controller.abort(new Error("cancelled"));
  const files = {
    "provision.yaml": `name: own
secrets: { token: { file: token.txt } }
credentials: { cloudflare: "\${{ secrets.token }}" }
steps: { zone: { uses: dns/cloudflare-zone, with: { name: example.com } } }
`,
    "token.txt": canary,
  };
  const signals = { stopping: () => true, signal: controller.signal, onStopping: () => {} };
  const host = await openMemoryHost(files, { signals });
  expect(await host.run()).toBe(130);
  expect(new Set(host.told.log.slice(0, forms.length))).toEqual(new Set(forms.map((form) => `mask ${form}`)));
});

test("the environment's own login is masked, too, and every token that it gets", async () => {
  const sandbox = await openSandbox();
  const host = await openMemoryHost({ "provision.yaml": grouped("a") }, { sandbox });
  expect(await host.run({ inputs: "said: hello" })).toBe(0);
  expect(masksOf(host)).toContain(sandbox.environment().AZURE_CLIENT_SECRET);
  expect(masksOf(host).some((form) => /^eyJ.*\..*\./.test(form))).toBe(true);
});

/** Broken into lines in the log, cut in a cell, with backslashes in Markdown: told only where it is cleaned before. */
const phrase =
  "c4n_ary *qof* | zmany <xwords>, `ywhich` znot-one!\tqand longer-than-any line-of-a-log: kelvq kelvr kelvs kelvt kelvu";
const parts = phrase.split(/[\s*|`<>,!\\]+|_/).filter((part) => part.length >= 5);
const grouped = (tag: string) => `name: own
inputs: { said: { type: string } }
steps: { group: { uses: azure/resource-group, with: { name: rg, location: westeurope, tags: { ${tag}: "\${{ inputs.said }}" } } } }
outputs: { said: "\${{ inputs.said }}" }
`;
const told = (host: MemoryHost) => parts.filter((part) => toldBy(host).includes(part));

test("a phrase that rendering would tear apart: not in plan, comment, outputs or plan file", async () => {
  const sandbox = await openSandbox();
  const host = await openMemoryHost({ "provision.yaml": grouped("said") }, { sandbox, secrets: [phrase] });
  const inputs = JSON.stringify({ said: `${"x".repeat(35)} ${phrase}` });
  expect(await host.run({ inputs, planFile: "plan.json" })).toBe(0);
  expect(told(host)).toEqual([]);
  const file = await readFile(join(host.workspace, "plan.json"), "utf8");
  expect(parts.filter((part) => file.includes(part))).toEqual([]);
  // And what was approved is still found to be what would be done.
  expect(await host.run({ command: "up", inputs, planFile: "plan.json" })).toBe(0);
  expect(told(host)).toEqual([]);
});

test("the same in what a service answers: not in log, annotation or summary", async () => {
  const sandbox = await openSandbox();
  const error = { code: "NotAllowed", message: `Not ${phrase}`, details: [{ code: "Why", message: phrase }] };
  sandbox.control.fault({
    kind: "status",
    method: "PUT",
    path: "resourceGroups/rg",
    status: 400,
    body: { error },
  });
  const host = await openMemoryHost({ "provision.yaml": grouped("a") }, { sandbox, secrets: [phrase] });
  expect(await host.run({ command: "up", inputs: "said: hello" })).toBe(1);
  expect(toldBy(host)).toContain("Not ***");
  expect(told(host)).toEqual([]);
});

test("the same in what is wrong with an input, and in what stops a job", async () => {
  const text = grouped("a").replace("type: string", "type: string, values: [dev]");
  const short = phrase.slice(0, 55);
  const invalid = await openMemoryHost({ "provision.yaml": text }, { secrets: [short] });
  expect(await invalid.run({ offline: true, inputs: JSON.stringify({ said: short }) })).toBe(2);
  expect(toldBy(invalid)).toContain('and not "***"');
  expect(told(invalid)).toEqual([]);
  const missing = await openMemoryHost({}, { secrets: [phrase] });
  expect(await missing.run({ offline: true, pipeline: `${phrase}.yaml` })).toBe(2);
  expect(told(missing)).toEqual([]);
});
