import { expect, test } from "vitest";
import { z } from "zod";
import { type Azure, clusterBody, clusterPath, makeGroup, openAzure, openSandbox, refusal } from "../open.ts";

const network = "/resourceGroups/rg/providers/Microsoft.Network";
const balancer = `${network}/loadBalancers/lb`;
const idOf = (azure: Azure, path: string): string => `/subscriptions/${azure.subscription}${path}`;

const makeAddress = async (azure: Azure, name: string): Promise<string> => {
  const path = `${network}/publicIPAddresses/${name}`;
  const properties = { publicIPAllocationMethod: "Static" };
  await azure.request("PUT", path, { location: "westeurope", sku: { name: "Standard" }, properties });
  return idOf(azure, path);
};

const body = (address: string, more: Record<string, unknown> = {}) => ({
  location: "westeurope",
  sku: { name: "Standard" },
  properties: {
    frontendIPConfigurations: [{ name: "front", properties: { publicIPAddress: { id: address } } }],
    ...more,
  },
});

test("a load balancer is answered as done, and shows who uses its parts", async () => {
  const azure = openAzure(await openSandbox());
  await makeGroup(azure);
  const address = await makeAddress(azure, "ip");
  const id = idOf(azure, balancer);
  const rule = {
    name: "http",
    properties: {
      protocol: "Tcp",
      frontendPort: 80,
      backendPort: 80,
      frontendIPConfiguration: { id: `${id}/frontendIPConfigurations/front` },
      backendAddressPool: { id: `${id}/backendAddressPools/pool` },
    },
  };
  const made = await azure.request(
    "PUT",
    balancer,
    body(address, { backendAddressPools: [{ name: "pool" }], loadBalancingRules: [rule] }),
  );
  expect([made.status, made.headers.has("azure-asyncoperation")]).toEqual([201, true]);
  const users = { loadBalancingRules: [{ id: `${id}/loadBalancingRules/http` }] };
  expect(made.body).toMatchObject({
    etag: expect.stringMatching(/^W\/"/),
    properties: {
      provisioningState: "Succeeded",
      frontendIPConfigurations: [
        {
          id: `${id}/frontendIPConfigurations/front`,
          properties: { publicIPAddress: { id: address }, privateIPAllocationMethod: "Dynamic", ...users },
        },
      ],
      backendAddressPools: [
        { type: "Microsoft.Network/loadBalancers/backendAddressPools", properties: users },
      ],
      probes: [],
      outboundRules: [],
    },
  });
});

test("an address in a frontend says so, and can't be deleted until it is let go", async () => {
  const azure = openAzure(await openSandbox());
  await makeGroup(azure);
  const address = await makeAddress(azure, "ip");
  const path = address.slice(idOf(azure, "").length);
  const user = async () => (await azure.network.publicIPAddresses.get("rg", "ip")).ipConfiguration?.id;
  await azure.request("PUT", balancer, body(address));
  expect(await user()).toBe(idOf(azure, `${balancer}/frontendIPConfigurations/front`));
  expect(refusal(await azure.request("DELETE", path))).toEqual({
    status: 400,
    code: "PublicIPAddressCannotBeDeleted",
  });
  await azure.request("PUT", balancer, body(address, { frontendIPConfigurations: [] }));
  expect(await user()).toBeUndefined();
  await azure.request("PUT", balancer, body(address));
  await azure.network.loadBalancers.delete("rg", "lb");
  expect(await user()).toBeUndefined();
  expect((await azure.request("DELETE", path)).status).toBe(202);
});

test("what a load balancer names must be there, and be free", async () => {
  const azure = openAzure(await openSandbox());
  await makeGroup(azure);
  const address = await makeAddress(azure, "ip");
  const put = async (name: string, content: unknown) =>
    refusal(await azure.request("PUT", `${network}/loadBalancers/${name}`, content));
  expect(await put("lb", body(`${address}-2`))).toEqual({ status: 400, code: "InvalidResourceReference" });
  const pool = { id: idOf(azure, `${balancer}/backendAddressPools/none`) };
  const rules = [{ name: "http", properties: { backendAddressPool: pool } }];
  expect(await put("lb", body(address, { loadBalancingRules: rules }))).toMatchObject({
    code: "InvalidResourceReference",
  });
  const twice = ["a", "b"].map((name) => ({ name, properties: { publicIPAddress: { id: address } } }));
  expect(await put("lb", body(address, { frontendIPConfigurations: twice }))).toMatchObject({
    code: "PublicIPReferencedByMultipleIPConfigs",
  });
  await azure.request("PUT", balancer, body(address));
  expect(await put("other", body(address))).toEqual({ status: 400, code: "PublicIPAddressInUse" });
});

test("a pool is written on its own, under the etag that it shares with its load balancer", async () => {
  const azure = openAzure(await openSandbox());
  await makeGroup(azure);
  await azure.request("PUT", balancer, body(await makeAddress(azure, "ip")));
  const etag = async () => (await azure.network.loadBalancers.get("rg", "lb")).etag ?? "";
  const before = await etag();
  const addresses = [{ name: "node", properties: { ipAddress: "10.224.0.4" } }];
  const pool = `${balancer}/backendAddressPools/pool`;
  const content = { properties: { loadBalancerBackendAddresses: addresses } };
  expect((await azure.request("PUT", pool, content)).status).toBe(201);
  expect((await azure.request("GET", balancer)).body).toMatchObject({
    properties: {
      frontendIPConfigurations: [{ name: "front" }],
      backendAddressPools: [{ name: "pool", properties: { loadBalancerBackendAddresses: addresses } }],
    },
  });
  const stale = await azure.request("PUT", pool, content, { "if-match": before });
  expect(stale.status).toBe(412);
  expect(stale.body.error).toMatchObject({
    code: "PreconditionFailed",
    details: [{ code: "PreconditionFailedEtagMismatch" }],
  });
  expect((await azure.request("PUT", pool, content, { "if-match": await etag() })).status).toBe(200);
  const absent = await azure.request("GET", `${pool}-2`);
  expect([absent.status, absent.body.error]).toEqual([
    404,
    { code: "NotFound", message: `Resource ${idOf(azure, pool)}-2 not found.`, details: [] },
  ]);
});

test("a security group ends with Azure's own rules, and refuses two of the same priority", async () => {
  const azure = openAzure(await openSandbox());
  await makeGroup(azure);
  const rule = (name: string, priority: number) => ({
    name,
    properties: { priority, direction: "Inbound", access: "Allow", protocol: "Tcp" },
  });
  const put = (...securityRules: unknown[]) =>
    azure.request("PUT", `${network}/networkSecurityGroups/nsg`, {
      location: "westeurope",
      properties: { securityRules },
    });
  const made = z
    .object({ properties: z.object({ defaultSecurityRules: z.array(z.object({ name: z.string() })) }) })
    .parse((await put(rule("a", 500))).body);
  expect(made.properties.defaultSecurityRules.map(({ name }) => name)).toEqual([
    "AllowVnetInBound",
    "AllowAzureLoadBalancerInBound",
    "DenyAllInBound",
    "AllowVnetOutBound",
    "AllowInternetOutBound",
    "DenyAllOutBound",
  ]);
  expect(refusal(await put(rule("a", 500), rule("b", 500)))).toEqual({
    status: 400,
    code: "SecurityRuleConflict",
  });
  expect(refusal(await put(rule("a", 99)))).toMatchObject({ code: "SecurityRuleInvalidPriority" });
});

test("a cluster's node resource group holds its network, load balancer and scale sets, and goes with it", async () => {
  const sandbox = await openSandbox();
  const azure = openAzure(sandbox);
  await makeGroup(azure);
  await azure.request("PUT", clusterPath, clusterBody());
  const held = async () => {
    const { body: found } = await azure.request("GET", "/resourceGroups/MC_rg_clu_westeurope/resources");
    const { value } = z
      .object({ value: z.array(z.object({ type: z.string(), name: z.string() })) })
      .parse({ value: [], ...found });
    return value
      .map(({ type, name }) => `${type.split("/")[1]} ${name.replace(/\d{8}|[0-9a-f-]{36}/, "N")}`)
      .sort();
  };
  await expect
    .poll(held)
    .toEqual([
      "loadBalancers kubernetes",
      "networkSecurityGroups aks-agentpool-N-nsg",
      "publicIPAddresses N",
      "userAssignedIdentities clu-agentpool",
      "virtualMachineScaleSets aks-system-N-vmss",
      "virtualNetworks aks-vnet-N",
    ]);
  const pool = { mode: "User", count: 1, vmSize: "Standard_D2s_v5" };
  await azure.request("PUT", `${clusterPath}/agentPools/more`, { properties: pool });
  await expect.poll(held).toContain("virtualMachineScaleSets aks-more-N-vmss");
  await azure.request("DELETE", `${clusterPath}/agentPools/more`);
  await expect.poll(held).not.toContain("virtualMachineScaleSets aks-more-N-vmss");
  await azure.request("DELETE", clusterPath);
  await expect.poll(() => sandbox.control.inventory().resources).toEqual([]);
});
