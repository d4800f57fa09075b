/** Carries templates/charts.yaml into code, so that a bundle has the pins without a file beside it. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";

const catalogueSchema = z.strictObject({
  version: z.literal(1),
  charts: z.record(
    z.string().regex(/^[a-z][a-z0-9-]*$/),
    z.strictObject({
      repository: z.string().regex(/^(https|oci):\/\/[^/].*[^/]$/),
      chart: z.string(),
      version: z.string().regex(/^v?\d+\.\d+\.\d+$/),
    }),
  ),
});

export type Pin = z.output<typeof catalogueSchema>["charts"][string];

/** The pins by the names that steps use. */
export const readCatalogue = async (root: string): Promise<Readonly<Record<string, Pin>>> =>
  catalogueSchema.parse(parse(await readFile(join(root, "templates", "charts.yaml"), "utf8"))).charts;

/** The text of `src/charts/pins.generated.ts`. */
export const pinsModule = (charts: Readonly<Record<string, Pin>>): string => {
  const entries = Object.entries(charts).map(
    ([name, { repository, chart, version }]) =>
      `  ${JSON.stringify(name)}: { repository: ${JSON.stringify(repository)}, chart: ${JSON.stringify(chart)}, version: ${JSON.stringify(version)} },\n`,
  );
  return `/** Generated from templates/charts.yaml by scripts/charts.ts; don't edit. */\nexport const pins = {\n${entries.join("")}} as const;\n`;
};
