/** The task around a job: its result, and what becomes of it where the agent's folder can't be written to. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readAgent } from "../../../src/hosts/azure-task/agent.ts";
import { runTask } from "../../../src/hosts/azure-task/task.ts";
import { temporaryFolder } from "../../sandbox/open.ts";
import { agentEnvironment } from "./agent-environment.ts";

const pipeline = `name: own
steps: { group: { uses: azure/resource-group, with: { name: rg, location: westeurope } } }
`;

const run = async (inputs: Readonly<Record<string, string>>, temporary?: string) => {
  const sources = await temporaryFolder();
  await writeFile(join(sources, "provision.yaml"), pipeline);
  const log: string[] = [];
  const code = await runTask({
    agent: readAgent(
      agentEnvironment({
        sources,
        temporary: temporary ?? join(sources, "temporary"),
        inputs: { ...inputs },
      }),
    ),
    directory: sources,
    write: (text) => {
      log.push(...text.trimEnd().split("\n"));
    },
    program: [],
    sandboxEntry: "",
    signals: { stopping: () => false, signal: new AbortController().signal, onStopping: () => {} },
  });
  return { code, log };
};

test("an offline plan succeeds, and hands its summary over", async () => {
  const { code, log } = await run({ offline: "true" });
  expect(code).toBe(0);
  expect(log.at(-2)).toMatch(/^##vso\[task\.uploadsummary\].*Provision plan\.md$/);
  expect(log.at(-1)).toBe("##vso[task.complete result=Succeeded;]");
});

test("a summary that can't be written is a warning", async () => {
  const file = join(await temporaryFolder(), "a file");
  await writeFile(file, "");
  const { code, log } = await run({ offline: "true" }, file);
  expect(code).toBe(0);
  expect(log.at(-2)).toMatch(/^##vso\[task\.logissue type=warning;\]No summary: /);
  expect(log.at(-1)).toBe("##vso[task.complete result=Succeeded;]");
});

test("an input that is wrong, and a pipeline that is not there, are failures of the task with what to do", async () => {
  const wrong = await run({ command: "plan", offline: "perhaps" });
  expect(wrong.code).toBe(2);
  expect(wrong.log[0]).toMatch(/^##vso\[task\.logissue type=error;\]P0440: .*offline/);
  const missing = await run({ offline: "true", pipeline: "none.yaml" });
  expect(missing.log.join("\n")).toContain("The input `pipeline` names it");
  expect(missing.log.at(-1)).toBe("##vso[task.complete result=Failed;]Not valid");
});
