import { writeFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { startSandbox } from "../../src/sandbox/server.ts";
import {
  clusterBody,
  clusterPath,
  makeGroup,
  notingKubernetes,
  openAzure,
  openSandbox,
  requestSandbox,
  temporaryFolder,
} from "./open.ts";

test("a planned status answers so many times, then the service does", async () => {
  const sandbox = await openSandbox();
  const azure = openAzure(sandbox);
  sandbox.control.fault({
    kind: "status",
    service: "arm",
    status: 429,
    headers: { "retry-after": "7" },
    times: 2,
  });
  const first = await azure.request("GET", "");
  expect([first.status, first.headers.get("retry-after")]).toEqual([429, "7"]);
  expect((await azure.request("GET", "")).status).toBe(429);
  expect((await azure.request("GET", "")).status).toBe(200);
});

test("a connection cut after the write leaves the thing made; one cut before does not", async () => {
  const sandbox = await openSandbox();
  const azure = openAzure(sandbox);
  sandbox.control.fault({ kind: "reset-after", method: "PUT", path: "/resourcegroups/a$" });
  await expect(azure.request("PUT", "/resourceGroups/a", { location: "westeurope" })).rejects.toThrow();
  sandbox.control.fault({ kind: "reset-before", method: "PUT", path: "/resourcegroups/b$" });
  await expect(azure.request("PUT", "/resourceGroups/b", { location: "westeurope" })).rejects.toThrow();
  expect(sandbox.control.inventory().groups).toEqual(["a"]);
});

test("the log counts writes by service, and nothing that persists nothing", async () => {
  const sandbox = await openSandbox();
  const azure = openAzure(sandbox);
  await makeGroup(azure);
  await azure.request("GET", "/resourceGroups/rg");
  await azure.request("PUT", clusterPath, {});
  const { writes, entries } = sandbox.control.requests();
  expect(writes).toEqual({ arm: 1 });
  const asked = entries.filter((entry) => entry.service === "arm");
  expect(asked.map((entry) => `${entry.method} ${entry.status}`)).toEqual(["PUT 201", "GET 200", "PUT 400"]);
});

test("other processes control it over HTTP with the control token alone", async () => {
  const sandbox = await openSandbox();
  const azure = openAzure(sandbox);
  await makeGroup(azure);
  expect((await requestSandbox(sandbox, "GET", "/control/inventory")).status).toBe(401);
  const headers = { authorization: `Bearer ${sandbox.controlToken}` };
  const inventory = await requestSandbox(sandbox, "GET", "/control/inventory", { headers });
  expect(await inventory.json()).toMatchObject({ groups: ["rg"] });
  const wrong = await requestSandbox(sandbox, "POST", "/control/fault", { headers, body: '{"kind":"none"}' });
  expect(wrong.status).toBe(400);
  expect((await requestSandbox(sandbox, "POST", "/control/reset", { headers })).status).toBe(200);
  expect(sandbox.control.inventory().groups).toEqual([]);
});

test("what exists outlives the process, and so does an operation", async () => {
  const directory = await temporaryFolder();
  const options = { directory, kubernetes: { world: notingKubernetes() } };
  const first = await startSandbox(options);
  const azure = openAzure(first);
  await makeGroup(azure);
  first.control.fault({ kind: "stuck-operation", method: "PUT", path: "/managedClusters/" });
  await azure.request("PUT", clusterPath, clusterBody());
  const before = first.environment();
  await first.stop();
  const second = await openSandbox(options);
  expect(second.environment().AZURE_SUBSCRIPTION_ID).toBe(before.AZURE_SUBSCRIPTION_ID);
  expect(second.authority).toBe(first.authority);
  expect(second.control.inventory()).toMatchObject({
    groups: ["rg"],
    operations: [expect.stringContaining("Creating")],
  });
  second.control.releaseOperations();
  const shown = await openAzure(second).request("GET", clusterPath);
  expect(shown.body).toMatchObject({ properties: { provisioningState: "Succeeded" } });
});

test("with a kubeconfig, a real cluster takes the place of the sandbox's", async () => {
  const directory = await temporaryFolder();
  const kubeconfig = `${directory}/kind.yaml`;
  await writeFile(kubeconfig, "apiVersion: v1\nkind: Config\n");
  const sandbox = await openSandbox({ directory, kubernetes: { kubeconfig } });
  const azure = openAzure(sandbox);
  await makeGroup(azure);
  sandbox.control.fault({ kind: "stuck-operation", method: "PUT", path: "/managedClusters/" });
  await azure.request("PUT", clusterPath, clusterBody());
  sandbox.control.releaseOperations();
  const reply = await azure.request("POST", `${clusterPath}/listClusterAdminCredential`);
  const value = Buffer.from("apiVersion: v1\nkind: Config\n").toString("base64");
  expect(reply.body.kubeconfigs).toEqual([{ name: "clusterAdmin", value }]);
});
