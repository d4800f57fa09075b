/** Gathers the claims of a run's passed tests into verified-results.json, which `npm run verified` renders. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Reporter, TestModule } from "vitest/node";
import type { Claim } from "./claim.ts";

export const resultsFile = join(import.meta.dirname, "..", "..", "..", "verified-results.json");

const claimsOf = (module: TestModule): readonly Claim[] =>
  [...module.children.allTests("passed")].flatMap((test) => test.meta().proves ?? []);

/** A run of a part of the tests proves that part alone; one that fails is not written at all. */
export default class ClaimsReporter implements Reporter {
  async onTestRunEnd(modules: readonly TestModule[]): Promise<void> {
    if (modules.some((module) => !module.ok())) return;
    await writeFile(resultsFile, `${JSON.stringify(modules.flatMap(claimsOf), undefined, 2)}\n`);
  }
}
