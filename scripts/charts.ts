/**
 * Prepares the mirror of the catalogue's charts in .charts/ (`npm run charts`), so that sandbox, tests and CI need no
 * chart repository: from `--charts FOLDER` or PROVISION_CHARTS, else from the upstream repository, else out of the
 * upstream projects' Go modules. With `--pins` it only writes src/charts/pins.generated.ts.
 */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { locateHelm } from "../src/clients/helm/locate.ts";
import { pinsModule, readCatalogue } from "./charts/catalogue.ts";
import { ensureChart, writeIndex } from "./charts/mirror.ts";

const root = join(import.meta.dirname, "..");
const { values } = parseArgs({ options: { charts: { type: "string" }, pins: { type: "boolean" } } });
const catalogue = await readCatalogue(root);

const prepare = async (): Promise<void> => {
  const options = {
    folder: join(root, ".charts"),
    helm: await locateHelm({ variables: process.env, root }),
    supplied: values.charts ?? process.env.PROVISION_CHARTS,
  };
  const pins = Object.values(catalogue);
  const results = await Promise.allSettled(pins.map((pin) => ensureChart(pin, options)));
  const entries = results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
  await writeIndex(options.folder, entries);
  for (const [index, result] of results.entries()) {
    const pin = pins[index];
    if (!pin) continue;
    if (result.status === "rejected") {
      console.error(result.reason instanceof Error ? result.reason.message : String(result.reason));
      process.exitCode = 1;
      continue;
    }
    const { version, digest } = result.value;
    const note = version === pin.version ? "" : ` in the place of ${pin.version}`;
    console.log(`${pin.chart} ${version}${note} sha256:${digest}`);
  }
};

if (values.pins) await writeFile(join(root, "src/charts/pins.generated.ts"), pinsModule(catalogue));
else await prepare();
