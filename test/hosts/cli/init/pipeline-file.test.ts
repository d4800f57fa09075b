/** The files of an environment and of the pipeline: what is written is what is read back, whatever the text. */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { parseInputs } from "../../../../src/application/inputs-file.ts";
import { requiredInputs } from "../../../../src/hosts/cli/init/inputs.ts";
import { inputsText, pipelineText } from "../../../../src/hosts/cli/init/pipeline-file.ts";
import { checked, described, shippedPipelines } from "../../../../src/hosts/cli/init/shipped-pipelines.ts";
import { realMachine } from "../../../../src/hosts/machine.ts";

const folder = join(import.meta.dirname, "../../../../pipelines");
const { readText } = realMachine({}, "/");

const pipelineWith = (defaults: string) =>
  checked(
    described(
      "p",
      `name: p\ninstance: \${{ inputs.a }}\ninputs:\n  a: { type: string }\n  b: { type: string, default: ${JSON.stringify(defaults)} }\nsteps:\n  g: { uses: azure/resource-group, with: { name: "\${{ inputs.a }}", location: "\${{ inputs.b }}" } }\n`,
    ),
  );

const texts = fc.oneof(
  fc.string({ unit: "grapheme-ascii", maxLength: 200 }),
  fc.constantFrom(
    "yes",
    "null",
    "1.30",
    "0x1F",
    "a: b",
    "# no",
    "- x",
    "a\nb: c",
    " x ",
    "",
    "'",
    '"',
    "*a",
    "{}",
  ),
);

test("an inputs file gives back any value that was given, as a text", () => {
  const pipeline = pipelineWith("x");
  fc.assert(
    fc.property(texts, (value) => {
      const text = inputsText(pipeline, { name: "dev", inputs: new Map([["a", value]]) });
      expect(parseInputs(text, "dev.yaml")).toEqual(new Map([["a", value]]));
    }),
  );
});

test("a default that is shown sets nothing, whatever it is; with its # taken away it is the default", () => {
  fc.assert(
    fc.property(texts, (value) => {
      const text = inputsText(pipelineWith(value), { name: "dev", inputs: new Map([["a", "x"]]) });
      expect(parseInputs(text, "dev.yaml")).toEqual(new Map([["a", "x"]]));
      const [, shown = ""] = text.split("Take the # away to change one.\n\n");
      expect(parseInputs(shown.replace(/^# ?/gm, ""), "dev.yaml")).toEqual(new Map([["b", value]]));
    }),
  );
});

test("every pipeline that comes with this tool and is no bootstrap is offered, and says what it gives and needs", async () => {
  const offered = await shippedPipelines(folder, readText);
  const files = (await readdir(folder)).filter((name) => !name.startsWith("bootstrap-")).sort();
  expect(offered.map(({ name }) => `${name}.yaml`)).toEqual(files);
  for (const pipeline of offered) {
    expect(pipeline.gives.length, pipeline.name).toBeGreaterThan(20);
    expect(pipeline.needs.length, pipeline.name).toBeGreaterThan(20);
    for (const { name, description } of requiredInputs(checked(pipeline)))
      expect(description, `${pipeline.name}: ${name}`).toBeDefined();
  }
});

test("the pipeline's first comment is of where it stands now, and all below is as it was", async () => {
  for (const pipeline of await shippedPipelines(folder, readText)) {
    const text = pipelineText(pipeline, "prod");
    const [head = "", ...body] = text.split(/^(?=name: )/m);
    expect(head).toContain(pipeline.gives.slice(0, 40));
    expect(head).toContain("provision plan --offline provision.yaml --inputs environments/prod.yaml");
    expect(head).not.toContain("pipelines/");
    expect(head.split("\n").filter((line) => line !== "" && !line.startsWith("#"))).toEqual([]);
    expect(pipeline.text.endsWith(body.join(""))).toBe(true);
  }
});
