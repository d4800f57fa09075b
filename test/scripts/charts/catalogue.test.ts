import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { pinsModule, readCatalogue } from "../../../scripts/charts/catalogue.ts";

const root = join(import.meta.dirname, "..", "..", "..");

test("the pins in the code are those of templates/charts.yaml", async () => {
  const generated = await readFile(join(root, "src", "charts", "pins.generated.ts"), "utf8");
  expect(generated, "run `node scripts/charts.ts --pins`").toBe(pinsModule(await readCatalogue(root)));
});
