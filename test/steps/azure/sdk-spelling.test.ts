/**
 * Bodies are written as the wire has them, so a misspelt property would be dropped by Azure in silence. The SDKs'
 * own models, made from the service's description, know every property: what they read and write back must be what
 * we wrote.
 */
import { createContainerService } from "@azure/arm-containerservice/api";
import { get as getPool, createOrUpdate as putPool } from "@azure/arm-containerservice/api/agentPools";
import {
  get as getWindow,
  createOrUpdate as putWindow,
} from "@azure/arm-containerservice/api/maintenanceConfigurations";
import {
  get as getCluster,
  createOrUpdate as putCluster,
} from "@azure/arm-containerservice/api/managedClusters";
import { NetworkManagementClient } from "@azure/arm-network";
import { createHttpHeaders, type PipelineRequest, type PipelineResponse } from "@azure/core-rest-pipeline";
import { expect, test } from "vitest";
import type { JsonObject } from "../../../src/clients/azure/client.ts";
import { isObject, without } from "../../../src/families/arm/model.ts";
import type { Outputs, Step } from "../../../src/step/step.ts";
import aksCluster from "../../../src/steps/azure/aks-cluster.ts";
import aksNodePool from "../../../src/steps/azure/aks-node-pool.ts";
import publicIp from "../../../src/steps/azure/public-ip.ts";
import { driveStep } from "../../fakes/drive-step.ts";
import { quickClock } from "../../fakes/quick-clock.ts";
import { fakeContext } from "../../fakes/step-context.ts";
import { fakeAzure } from "../../families/arm/fake-azure.ts";

const group = {
  kind: "resource-group",
  id: "/subscriptions/sub/resourceGroups/rg",
  name: "rg",
  location: "westeurope",
};
const credential = { getToken: async () => ({ token: "t", expiresOnTimestamp: Number.MAX_SAFE_INTEGER }) };

/** Answers every read with `body`, and remembers what is put. */
const mirror = (body: JsonObject) => {
  const sent: JsonObject[] = [];
  const httpClient = {
    sendRequest: async (request: PipelineRequest): Promise<PipelineResponse> => {
      if (request.method === "PUT" && typeof request.body === "string") sent.push(JSON.parse(request.body));
      const bodyAsText = JSON.stringify(body);
      const headers = createHttpHeaders({ "content-type": "application/json" });
      return { request, status: 200, headers, bodyAsText };
    },
  };
  return { sent, options: { httpClient, endpoint: "https://arm.test", retryOptions: { maxRetries: 0 } } };
};

/** The bodies that a step puts. */
const bodiesOf = async <Output extends Outputs>(
  step: Step<unknown, Output, unknown>,
  input: object,
): Promise<readonly JsonObject[]> => {
  const cloud = fakeAzure();
  const context = fakeContext({ azure: cloud }, { clock: quickClock() });
  await driveStep(step, context, input).up();
  return cloud.bodies;
};

const tidy = (body: JsonObject | undefined): unknown =>
  JSON.parse(JSON.stringify(without(body ?? {}, ["id", "name", "type"])));

const cluster = {
  group,
  name: "clu",
  kubernetesVersion: "1.35",
  dnsPrefix: "x",
  identity: { kind: "identity", id: `${group.id}/mi`, name: "mi", principalId: "p", clientId: "c" },
  systemPool: {
    autoscale: { minimum: 1, maximum: 3 },
    maxPods: 50,
    osDiskSizeGB: 64,
    subnet: `${group.id}/s`,
  },
  entra: { adminGroups: ["g"], azureRbac: true },
  access: "entra",
  disableLocalAccounts: true,
  authorizedIpRanges: ["203.0.113.0/24"],
  monitoring: { kind: "workspace", id: `${group.id}/w`, name: "w" },
  upgradeChannel: "patch",
};

test("every property of a cluster's body is one that the SDK knows", async () => {
  const [body = {}] = await bodiesOf(aksCluster, cluster);
  const { sent, options } = mirror(body);
  const context = createContainerService(credential, "sub", options);
  await putCluster(context, "rg", "clu", await getCluster(context, "rg", "clu"));
  expect(tidy(sent[0])).toEqual(tidy(body));
  expect(isObject(body.properties) && Object.keys(body.properties).length).toBeGreaterThan(10);
});

test("every property of a pool's body is one that the SDK knows", async () => {
  const [body = {}] = await bodiesOf(aksNodePool, {
    cluster: {
      kind: "cluster",
      id: `${group.id}/providers/Microsoft.ContainerService/managedClusters/clu#admin`,
      name: "clu",
    },
    name: "work",
    size: "Standard_D4ds_v5",
    autoscale: { minimum: 0, maximum: 3 },
    maxPods: 50,
    osDiskSizeGB: 64,
    labels: { a: "b" },
    taints: ["a=b:NoSchedule"],
    subnet: `${group.id}/s`,
  });
  const { sent, options } = mirror(body);
  const context = createContainerService(credential, "sub", options);
  await putPool(context, "rg", "clu", "work", await getPool(context, "rg", "clu", "work"));
  expect(tidy(sent[0])).toEqual(tidy(body));
});

test("every property of an address's body is one that the SDK knows", async () => {
  const [body = {}] = await bodiesOf(publicIp, { group, name: "ip", dnsLabel: "demo", idleTimeout: 10 });
  const { sent, options } = mirror(body);
  const { publicIPAddresses } = new NetworkManagementClient(credential, "sub", options);
  await publicIPAddresses.createOrUpdate("rg", "ip", await publicIPAddresses.get("rg", "ip"));
  expect(tidy(sent[0])).toEqual(tidy(body));
});

test("every property of a maintenance window's body is one that the SDK knows", async () => {
  const maintenanceWindow = { day: "Sunday", start: "02:00", hours: 6 };
  const [, body = {}] = await bodiesOf(aksCluster, { ...cluster, maintenanceWindow });
  const { sent, options } = mirror(body);
  const context = createContainerService(credential, "sub", options);
  const name = "aksManagedAutoUpgradeSchedule";
  await putWindow(context, "rg", "clu", name, await getWindow(context, "rg", "clu", name));
  expect(tidy(sent[0])).toEqual(tidy(body));
});
