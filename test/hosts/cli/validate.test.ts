/** `validate`: what it opens, and what it says of a folder in which there is nothing to open. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openCommandLine } from "./command.ts";

test("a folder without a pipeline is one error with code and hint, and exit 2", async () => {
  await using command = await openCommandLine();
  await mkdir(join(command.folder, "empty"));
  await writeFile(join(command.folder, "empty", "notes.txt"), "no pipeline\n");
  const { code, out, err } = await command.run("validate", "empty");
  expect(err).toMatch(/^error\[P0435\] there is no pipeline in the folder empty: [\s\S]*\n {2}hint +name a/);
  expect(err.match(/error\[/g)).toHaveLength(1);
  expect({ code, out }).toEqual({ code: 2, out: "" });

  const json = await command.run("validate", "--json", "empty");
  expect(JSON.parse(json.out)).toMatchObject({
    kind: "failed",
    failure: { code: "P0435", resource: "empty" },
  });
});

test("an empty folder beside a full one is not passed over", async () => {
  await using command = await openCommandLine();
  for (const name of ["empty", "full"]) await mkdir(join(command.folder, name));
  await writeFile(
    join(command.folder, "full", "group.yml"),
    "name: g\nsteps:\n  group: { uses: azure/resource-group, with: { name: rg, location: westeurope } }\n",
  );
  expect(await command.run("validate", "full")).toMatchObject({
    code: 0,
    out: "valid: 1 pipeline, 1 step\n",
  });
  expect(await command.run("validate", "full", "empty")).toMatchObject({ code: 2, out: "" });
});
