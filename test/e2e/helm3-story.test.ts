/** The main job with Helm 3, in short: up, no change, destroyed. With Helm 4 the story itself tells it. */
import { expect, test } from "vitest";
import { failuresOf, openCommand, written } from "./command.ts";
import { testedHelms } from "./helm-programs.ts";

const [, three] = await testedHelms();

test.skipIf(!three?.path)(`the whole pipeline with ${three?.title ?? "Helm 3"}`, async () => {
  await using command = await openCommand("helm3");
  const helm = { PROVISION_HELM: three?.path ?? "" };
  const words = ["pipelines/aks-nginx-flux.yaml", "--input", "domain=example.com"];
  expect((await command.run(["preflight", "--sandbox", ...words], helm)).said).toMatch(/helm 3\.\d+/);

  const first = await command.events("up", words, helm).ended;
  expect(failuresOf(first.events)).toEqual([]);
  expect(first.exitCode).toBe(0);
  expect(written(first.events)).toHaveLength(15);

  const again = await command.events("up", words, helm).ended;
  expect({ exitCode: again.exitCode, written: written(again.events) }).toEqual({ exitCode: 0, written: [] });

  const destroyed = await command.events("destroy", words, helm).ended;
  expect(failuresOf(destroyed.events)).toEqual([]);
  expect(destroyed.exitCode).toBe(0);
  expect(await command.control("inventory")).toEqual({
    groups: [],
    resources: [],
    operations: [],
    records: [],
    deployKeys: [],
    directory: [],
  });
});
