/** The real cloud provider on the real API server, with the sandbox's ARM as its Azure. */

import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import type { KubernetesClient } from "../../../src/clients/kubernetes/client.ts";
import { readKubeconfig } from "../../../src/clients/kubernetes/kubeconfig.ts";
import { logIn } from "../../../src/clients/kubernetes/login.ts";
import { restClient } from "../../../src/clients/kubernetes/rest.ts";
import { transport } from "../../../src/clients/kubernetes/transport.ts";
import { addressOnService, recordedAddress } from "../../../src/families/helm/load-balancer.ts";
import type { PublicIpHandle } from "../../../src/step/handle.ts";
import { proves } from "../verified/claim.ts";
import { type CloudFixture, startCloudFixture } from "./fixture.ts";

let cloud: CloudFixture;

const groups = { cluster: "rg-clu", address: "rg-ip", nodes: "MC_rg-clu_clu_westeurope" };
const cluster = `/resourceGroups/${groups.cluster}/providers/Microsoft.ContainerService/managedClusters/clu`;
const addresses = `/resourceGroups/${groups.address}/providers/Microsoft.Network/publicIPAddresses`;
const balancer = `/resourceGroups/${groups.nodes}/providers/Microsoft.Network/loadBalancers/kubernetes`;
const roles = {
  networkContributor: "4d97b98b-1d4f-4787-a291-c67834d212e7",
  reader: "acdd72a7-3385-48ef-bd42-f606fba81ae7",
};
const patience = { timeout: 60_000, interval: 100 };
let principal = "";
let kubernetes: KubernetesClient;

const located = { location: "westeurope" };
const pool = z.object({
  properties: z.object({
    loadBalancerBackendAddresses: z.array(z.object({ properties: z.object({ ipAddress: z.string() }) })),
  }),
});
const identity = z.object({ id: z.string(), properties: z.object({ principalId: z.string() }) });

const makeCluster = async (): Promise<void> => {
  const path = `/resourceGroups/${groups.cluster}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/clu-id`;
  const made = identity.parse((await cloud.arm("PUT", path, located)).body);
  principal = made.properties.principalId;
  const pool = { name: "system", mode: "System", count: 3, vmSize: "Standard_D4s_v5" };
  await cloud.arm("PUT", cluster, {
    ...located,
    identity: { type: "UserAssigned", userAssignedIdentities: { [made.id]: {} } },
    properties: { dnsPrefix: "clu", kubernetesVersion: "1.35", agentPoolProfiles: [pool] },
  });
};

/** Gives the cluster's identity a role on the group of the addresses; each grant has a name of its own. */
const grant = async (number: number, role: string): Promise<void> => {
  const name = `11111111-2222-4333-8444-55555555555${number}`;
  const path = `/resourceGroups/${groups.address}/providers/Microsoft.Authorization/roleAssignments/${name}`;
  const roleDefinitionId = `/providers/Microsoft.Authorization/roleDefinitions/${role}`;
  const properties = { principalId: principal, roleDefinitionId, principalType: "ServicePrincipal" };
  expect((await cloud.arm("PUT", path, { properties })).status).toBe(201);
};

const handleOf = (name: string, address: string): PublicIpHandle => ({
  kind: "public-ip",
  id: `/subscriptions/s${addresses}/${name}`,
  name,
  group: groups.address,
  address,
});

/** With the annotations that `ingress/nginx` asks for an address by, and the ports that the chart's Service has. */
const serve = (name: string, address: PublicIpHandle): Promise<string> =>
  cloud.kubectl(["create", "-f", "-"], {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, annotations: recordedAddress.annotations(address) },
    spec: {
      type: "LoadBalancer",
      ports: [
        { name: "http", port: 80, appProtocol: "http" },
        { name: "https", port: 443, appProtocol: "https" },
      ],
    },
  });

/** As `up` waits for it: ready or not, why, and what helps. */
const verdict = (service: string, address: PublicIpHandle) =>
  addressOnService(kubernetes, "default", service, address);

const makeAddress = async (name: string): Promise<PublicIpHandle> => {
  const path = `${addresses}/${name}`;
  const properties = { publicIPAllocationMethod: "Static" };
  await cloud.arm("PUT", path, { ...located, sku: { name: "Standard" }, properties });
  const read = async () =>
    z
      .object({ properties: z.looseObject({ ipAddress: z.string() }) })
      .safeParse((await cloud.arm("GET", path)).body).data?.properties.ipAddress;
  await expect.poll(read, patience).toBeDefined();
  return handleOf(name, (await read()) ?? "");
};

beforeAll(async () => {
  cloud = await startCloudFixture();
  const { kubeconfig } = cloud.testbed;
  const entry = readKubeconfig(await readFile(kubeconfig, "utf8"), "", kubeconfig);
  const open = () => logIn(entry, kubeconfig, {});
  kubernetes = restClient(transport({ open, variables: {}, now: Date.now }));
  for (const group of [groups.cluster, groups.address])
    await cloud.arm("PUT", `/resourceGroups/${group}`, located);
});
afterAll(() => cloud?.stop());

test("The cloud provider begins when a cluster is there", async () => {
  expect(cloud.watch.served()).toBeUndefined();
  await makeCluster();
  await expect.poll(cloud.watch.served, patience).toMatch(/managedClusters\/clu$/);
});

const refused = (code: string, action: string): RegExp =>
  new RegExp(
    `^Warning SyncLoadBalancerFailed: Error syncing load balancer: failed to ensure load balancer: .*403 Forbidden.*${code}.*object id '${principal}'.*${action}`,
    "s",
  );

test("Without the role assignment a Service gets no address, and what waits for it says whom to grant what", {
  meta: proves({
    step: "ingress/nginx",
    claim: "a cluster that may not use the address is told so, with Azure's refusal and the role that helps",
    by: ["cloud-provider-azure", "control-plane"],
  }),
}, async () => {
  const address = await makeAddress("clu-ip");
  await serve("refused", address);
  await expect
    .poll(() => verdict("refused", address), patience)
    .toMatchObject({
      ready: false,
      reason: "Service refused has no address yet",
      hint: expect.stringContaining("needs Network Contributor on resource group rg-ip"),
      evidence: expect.arrayContaining([
        expect.stringMatching(refused("AuthorizationFailed", "publicIPAddresses/read")),
      ]),
    });
});

test("A role that lets it read the address, but not join it, is refused by the load balancer", async () => {
  await grant(1, roles.reader);
  const address = await makeAddress("clu-ip");
  await serve("reader", address);
  await expect
    .poll(() => verdict("reader", address), patience)
    .toMatchObject({
      ready: false,
      hint: expect.stringContaining("needs Network Contributor on resource group rg-ip"),
      evidence: expect.arrayContaining([
        expect.stringMatching(refused("LinkedAuthorizationFailed", "publicIPAddresses/join/action")),
      ]),
    });
  await cloud.kubectl(["delete", "service", "refused", "reader"]);
});

test("With the role assignment the Service gets the address that it names", {
  meta: proves(
    {
      step: "ingress/nginx",
      claim: "its Service gets the static address that its annotations name, probed at /healthz",
      by: ["cloud-provider-azure", "control-plane"],
    },
    {
      step: "azure/role-assignment",
      claim:
        "Network Contributor on the address's group is what lets the cluster use it, and less is not enough",
      by: ["cloud-provider-azure"],
    },
  ),
}, async () => {
  await grant(2, roles.networkContributor);
  const address = await makeAddress("web-ip");
  await serve("web", address);
  await expect
    .poll(() => verdict("web", address), patience)
    .toEqual({ ready: true, detail: `${address.address} on the Service` });
  const { body } = await cloud.arm("GET", balancer);
  expect(body.properties).toMatchObject({
    // With an appProtocol, AKS probes over HTTP: the path is what our annotation says.
    probes: [
      { properties: { protocol: "Http", requestPath: "/healthz" } },
      { properties: { protocol: "Https", requestPath: "/healthz" } },
    ],
    loadBalancingRules: [{ properties: { frontendPort: 80 } }, { properties: { frontendPort: 443 } }],
  });
  const { properties } = pool.parse(
    (await cloud.arm("GET", `${balancer}/backendAddressPools/kubernetes`)).body,
  );
  const backends = properties.loadBalancerBackendAddresses.map((entry) => entry.properties.ipAddress);
  expect(backends.toSorted()).toEqual(["10.224.0.4", "10.224.0.5", "10.224.0.6"]);
  expect((await cloud.arm("GET", `${addresses}/web-ip`)).body.properties).toMatchObject({
    ipConfiguration: { id: expect.stringContaining(balancer) },
  });
});

test("What it writes is told from what others write: it has a user of its own", async () => {
  const writes = await cloud.testbed.writes();
  const statuses = writes.filter(({ resource, name }) => resource === "services/status" && name === "web");
  expect(new Set(statuses.map(({ user }) => user))).toEqual(new Set(["testbed-cloud"]));
});

test("An address that is not there is named by the Event", {
  meta: proves({
    step: "ingress/nginx",
    claim: "an address that is not there is named, with the group that was looked in",
    by: ["cloud-provider-azure", "control-plane"],
  }),
}, async () => {
  const address = handleOf("none-ip", "192.0.2.1");
  await serve("wrong", address);
  await expect
    .poll(() => verdict("wrong", address), patience)
    .toMatchObject({
      ready: false,
      hint: "there is no public IP none-ip in resource group rg-ip for the cluster's load balancer",
      evidence: expect.arrayContaining([
        "Warning SyncLoadBalancerFailed: Error syncing load balancer: failed to ensure load balancer: PublicIP from annotation azure-pip-name(-IPv6)=none-ip for service default/wrong doesn't exist",
      ]),
    });
  await cloud.kubectl(["delete", "service", "wrong"]);
});

test("A Service that names no address gets one in the node resource group, which goes with it", async () => {
  const spec = { type: "LoadBalancer", ports: [{ port: 80 }] };
  const service = { apiVersion: "v1", kind: "Service", metadata: { name: "unnamed" }, spec };
  await cloud.kubectl(["create", "-f", "-"], service);
  const ip = () =>
    cloud.kubectl(["get", "service", "unnamed", "-o", "jsonpath={.status.loadBalancer.ingress[0].ip}"]);
  await expect.poll(ip, patience).not.toBe("");
  const list = `/resourceGroups/${groups.nodes}/providers/Microsoft.Network/publicIPAddresses`;
  const held = async () => JSON.stringify((await cloud.arm("GET", list)).body);
  const address = await ip();
  expect(await held()).toContain(address);
  await cloud.kubectl(["delete", "service", "unnamed"]);
  await expect.poll(held, patience).not.toContain(address);
});

test("A cloud provider that ends is started again", async () => {
  const before = cloud.testbed.processes.filter(({ name }) => name === "cloud-provider-azure");
  await before.at(-1)?.stop();
  const after = () => cloud.testbed.processes.filter(({ name }) => name === "cloud-provider-azure").length;
  await expect.poll(after, patience).toBe(before.length + 1);
});

test("A deleted Service lets its address go, which stays", async () => {
  await cloud.kubectl(["delete", "service", "web"]);
  const { status, body } = await cloud.arm("GET", `${addresses}/web-ip`);
  expect(status).toBe(200);
  expect(body.properties).not.toHaveProperty("ipConfiguration");
  expect((await cloud.arm("GET", balancer)).body.properties).toMatchObject({
    probes: [],
    loadBalancingRules: [],
  });
  expect((await cloud.arm("DELETE", `${addresses}/web-ip`)).status).toBe(202);
});

test("The cloud provider ends with the cluster, of which nothing is left in Azure", async () => {
  await cloud.arm("DELETE", cluster);
  await expect.poll(cloud.watch.served, patience).toBeUndefined();
  const { groups: left, resources } = cloud.sandbox.control.inventory();
  expect(left).toEqual([groups.cluster, groups.address]);
  expect(resources.filter((id) => id.toLowerCase().includes(groups.nodes.toLowerCase()))).toEqual([]);
});
