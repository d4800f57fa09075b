/** A canary in every encoding reaches none of a job's places, and is masked before the pipeline is opened. */
import { expect, test } from "vitest";
import { secretForms } from "../../../src/reporters/secret-forms.ts";
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
