import { listClusterAdminCredentials } from "@azure/arm-containerservice/api/managedClusters";
import { KubeConfig } from "@kubernetes/client-node";
import { expect, test } from "vitest";
import { clusterBody, clusterPath, makeGroup, openAzure, openSandbox, requestSandbox } from "./open.ts";

test("a cluster that ARM made answers to the kubeconfig that ARM hands out, until ARM removes it", async () => {
  const sandbox = await openSandbox({ kubernetes: "built-in" });
  const azure = openAzure(sandbox);
  await makeGroup(azure);
  sandbox.control.fault({ kind: "stuck-operation", method: "PUT", path: "/managedClusters/" });
  await azure.request("PUT", clusterPath, clusterBody());
  sandbox.control.releaseOperations();

  const { kubeconfigs } = await listClusterAdminCredentials(azure.containers, "rg", "clu");
  const config = new KubeConfig();
  config.loadFromString(Buffer.from(kubeconfigs?.[0]?.value ?? []).toString());
  const server = new URL(config.getCurrentCluster()?.server ?? "");
  expect(server.origin).toBe(sandbox.url);
  const read = async (path: string) =>
    requestSandbox(sandbox, "GET", `${server.pathname}${path}`, {
      headers: { authorization: `Bearer ${config.getCurrentUser()?.token}` },
    });
  expect(await (await read("/version")).json()).toMatchObject({ gitVersion: "v1.35.4" });
  const node = { status: { nodeInfo: { kubeletVersion: "v1.35.4" } } };
  expect(await (await read("/api/v1/nodes")).json()).toMatchObject({ items: [node, node] });

  sandbox.control.fault({ kind: "stuck-operation", method: "DELETE" });
  await azure.request("DELETE", clusterPath);
  sandbox.control.releaseOperations();
  expect((await read("/api/v1/nodes")).status).toBe(404);
});
