/** What the task tells the agent: outputs, secret ones of one line and of several, the summary; and hints in its words. */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { readAgent } from "../../../src/hosts/azure-task/agent.ts";
import type { ConnectionLogin } from "../../../src/hosts/azure-task/connection.ts";
import { hintOnAzurePipelines } from "../../../src/hosts/azure-task/hints.ts";
import { createAzureHost } from "../../../src/hosts/azure-task/host.ts";
import { readInputs } from "../../../src/hosts/azure-task/inputs.ts";
import { createSummary } from "../../../src/hosts/azure-task/summary.ts";
import { runTask } from "../../../src/hosts/azure-task/task.ts";
import { Secret } from "../../../src/step/secret.ts";
import { readAsAzure } from "../../reporters/runner-parsers.ts";
import { agentEnvironment } from "./agent-environment.ts";

const signals = { stopping: () => false, signal: new AbortController().signal, onStopping: () => {} };

const open = (inputs: Readonly<Record<string, string>> = {}) => {
  const agent = readAgent(agentEnvironment({ sources: "/s", temporary: "/t", inputs }));
  const written: string[] = [];
  const around = {
    agent,
    directory: "/s",
    write: (text: string) => written.push(text),
    program: [],
    sandboxEntry: "",
    signals,
  };
  return { agent, around, read: () => readAsAzure(written.join(""), "culture") };
};

const principal = { tenant: "t", client: "c" };
const jobToken = new Secret("the job's token", "test");

test.each<[ConnectionLogin, readonly string[]]>([
  [{ kind: "workload-identity", ...principal, requestUri: "https://x", jobToken }, ["the job's token"]],
  [{ kind: "key", ...principal, key: new Secret("the key", "test") }, ["the key"]],
  [{ kind: "certificate", ...principal, certificate: new Secret("PEM", "test") }, ["PEM"]],
  [{ kind: "managed-identity", client: undefined }, []],
])(
  "what a connection logs in with is a secret before anything is done, as is a token that the step maps: %#",
  (login, secrets) => {
    const { agent, around } = open();
    const connection = { id: "c", endpoint: undefined, subscription: undefined, login };
    const variables = { ...agent.variables, SYSTEM_ACCESSTOKEN: "mapped" };
    const parts = { agent, inputs: readInputs(agent, "/s"), variables, connection };
    const { secrets: known } = createAzureHost(around, { ...parts, summary: createSummary("/nowhere") });
    expect(known).toEqual([...secrets, "mapped"]);
  },
);

const openHost = (summary = createSummary("/nowhere")) => {
  const { agent, around, read } = open();
  const parts = { agent, inputs: readInputs(agent, "/s"), variables: agent.variables, connection: undefined };
  return { host: createAzureHost(around, { ...parts, summary }), read };
};

test("an output is a variable of the step, whatever its text", async () => {
  const { host, read } = openHost();
  const text = "100%; [a]\nsecond line ##vso[task.complete result=Failed;]";
  await host.output("address", text);
  expect(read().commands).toEqual([
    { name: "task.setvariable", properties: { variable: "address", isoutput: "true" }, data: text },
  ]);
});

test("an output that is a secret stays one; of several lines, which the agent refuses, it goes in base64", async () => {
  const { host, read } = openHost();
  await host.secretOutput?.("token", new Secret("one line", "test"));
  await host.secretOutput?.("key", new Secret("first\nsecond\n", "test"));
  const { commands, log } = read();
  expect(commands.map(({ properties, data }) => [properties.variable, properties.issecret, data])).toEqual([
    ["token", "true", "one line"],
    ["key_base64", "true", Buffer.from("first\nsecond\n").toString("base64")],
  ]);
  expect(log).toEqual([expect.stringContaining("it is key_base64, in base64")]);
});

test("an output whose name would steer later steps is not set, and the run's page says so", async () => {
  const { host, read } = openHost();
  await host.output("PATH", "/evil");
  await host.secretOutput?.("NODE_OPTIONS", new Secret("--require /evil", "test"));
  expect(read().commands.map(({ name, properties }) => [name, properties.type])).toEqual([
    ["task.logissue", "warning"],
    ["task.logissue", "warning"],
  ]);
});

test("the parts of a summary are one file, handed over once; without any there is none", async () => {
  const folder = await mkdtemp(join(tmpdir(), "provision-summary-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, "below", "Provision up.md");
  const summary = createSummary(file);
  expect(await summary.finish()).toBeUndefined();
  const { host } = openHost(summary);
  await host.summary("### One\n");
  await host.summary("### Two\n");
  expect(readAsAzure((await summary.finish()) ?? "", "culture").commands).toEqual([
    { name: "task.uploadsummary", properties: {}, data: file },
  ]);
  expect(await readFile(file, "utf8")).toBe("### One\n\n### Two\n");
});

test("an input that is wrong is one error and a failed task", async () => {
  const { around, read } = open({ command: "deploy" });
  await runTask(around);
  expect(read().commands.map(({ name, properties }) => [name, properties.type ?? properties.result])).toEqual(
    [
      ["task.logissue", "error"],
      ["task.complete", "Failed"],
    ],
  );
});

test("hints are in the words of an Azure pipeline; what a fork lacks is always the same", () => {
  const login = { code: "P0804", kind: "unauthenticated", hint: "No login was found: `az login`" } as const;
  expect(hintOnAzurePipelines(login, false)).toContain("`azureSubscription`");
  expect(hintOnAzurePipelines(login, true)).toContain("System.PullRequest.IsFork");
  expect(
    hintOnAzurePipelines({ code: "QuotaExceeded", kind: "rejected", hint: "ask" }, true),
  ).toBeUndefined();
});
