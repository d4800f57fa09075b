/** The real cloud provider on the real API server, with the sandbox's ARM as its Azure. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { hintFor } from "../../../src/families/helm/load-balancer.ts";
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

/** As ingress-nginx's chart makes it with our values. */
const serve = (name: string, address: string): Promise<string> => {
  const azure = "service.beta.kubernetes.io/azure";
  const annotations = {
    [`${azure}-pip-name`]: address,
    [`${azure}-load-balancer-resource-group`]: groups.address,
    [`${azure}-load-balancer-health-probe-request-path`]: "/healthz",
  };
  return cloud.kubectl(["create", "-f", "-"], {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, annotations },
    spec: {
      type: "LoadBalancer",
      ports: [
        { name: "http", port: 80, appProtocol: "http" },
        { name: "https", port: 443, appProtocol: "https" },
      ],
    },
  });
};

const makeAddress = async (name: string): Promise<string> => {
  const path = `${addresses}/${name}`;
  const properties = { publicIPAllocationMethod: "Static" };
  await cloud.arm("PUT", path, { ...located, sku: { name: "Standard" }, properties });
  const read = async () =>
    z
      .object({ properties: z.looseObject({ ipAddress: z.string() }) })
      .safeParse((await cloud.arm("GET", path)).body).data?.properties.ipAddress;
  await expect.poll(read, patience).toBeDefined();
  return (await read()) ?? "";
};

const assigned = (service: string): Promise<string> =>
  cloud.kubectl(["get", "service", service, "-o", "jsonpath={.status.loadBalancer.ingress[0].ip}"]);

beforeAll(async () => {
  cloud = await startCloudFixture();
  for (const group of [groups.cluster, groups.address])
    await cloud.arm("PUT", `/resourceGroups/${group}`, located);
});
afterAll(() => cloud?.stop());

/** What `verify` says helps, from a Service's Events as they are. */
const hintOn = async (service: string): Promise<string> => {
  const id = `/subscriptions/s${addresses}/clu-ip`;
  const handle = {
    kind: "public-ip",
    id,
    name: "clu-ip",
    group: groups.address,
    address: "",
    fqdn: undefined,
  } as const;
  return hintFor((await cloud.events(service)).join("\n"), handle) ?? "";
};

test("The cloud provider begins when a cluster is there", async () => {
  expect(cloud.watch.served()).toBeUndefined();
  await makeCluster();
  await expect.poll(cloud.watch.served, patience).toMatch(/managedClusters\/clu$/);
});

test("Without the role assignment a Service gets no address, and its Event says whom to grant what", async () => {
  await makeAddress("clu-ip");
  await serve("refused", "clu-ip");
  await expect
    .poll(() => cloud.events("refused"), patience)
    .toContainEqual(
      expect.stringMatching(
        new RegExp(
          `SyncLoadBalancerFailed: Error syncing load balancer: failed to ensure load balancer: GET https://.*403 Forbidden.*AuthorizationFailed.*object id '${principal}'.*publicIPAddresses/read`,
          "s",
        ),
      ),
    );
  expect(await hintOn("refused")).toContain("needs Network Contributor on resource group rg-ip");
  expect(await assigned("refused")).toBe("");
});

test("A role that lets it read the address, but not join it, is refused by the load balancer", async () => {
  await grant(1, roles.reader);
  await serve("reader", "clu-ip");
  await expect
    .poll(() => cloud.events("reader"), patience)
    .toContainEqual(
      expect.stringMatching(
        /^SyncLoadBalancerFailed: .*403 Forbidden.*LinkedAuthorizationFailed.*publicIPAddresses\/join\/action/s,
      ),
    );
  expect(await hintOn("reader")).toContain("needs Network Contributor on resource group rg-ip");
  await cloud.kubectl(["delete", "service", "refused", "reader"]);
});

test("With the role assignment the Service gets the address that it names", async () => {
  await grant(2, roles.networkContributor);
  const address = await makeAddress("web-ip");
  await serve("web", "web-ip");
  await expect.poll(() => assigned("web"), patience).toBe(address);
  expect((await cloud.events("web")).at(-1)).toBe("EnsuredLoadBalancer: Ensured load balancer");
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

test("An address that is not there is named by the Event", async () => {
  await serve("wrong", "none-ip");
  await expect
    .poll(() => cloud.events("wrong"), patience)
    .toContain(
      "SyncLoadBalancerFailed: Error syncing load balancer: failed to ensure load balancer: PublicIP from annotation azure-pip-name(-IPv6)=none-ip for service default/wrong doesn't exist",
    );
  expect(await hintOn("wrong")).toContain("there is no public IP clu-ip in resource group rg-ip");
  await cloud.kubectl(["delete", "service", "wrong"]);
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
