import { expect, test } from "vitest";
import {
  descriptionOf,
  marksOf,
  ownerOf,
  ownerOfDescription,
  parentOf,
  refOf,
} from "../../../src/families/arm/marks.ts";

const owner = { pipeline: "demo", instance: "clu-demo", step: "ip" };
const group = { type: "azure/resource-group", version: 1, id: "/subscriptions/s/resourceGroups/rg" };
const ref = {
  type: "azure/public-ip",
  version: 1,
  id: `${group.id}/providers/Microsoft.Network/publicIPAddresses/ip`,
  within: group,
};

test("owner and place are read back from the tags, whatever the case of their names", () => {
  const tags = marksOf(owner, ref);
  const upper = Object.fromEntries(Object.entries(tags).map(([name, value]) => [name.toUpperCase(), value]));
  expect(ownerOf(upper)).toEqual(owner);
  expect(refOf(upper, ref.id.toLowerCase())).toEqual({ ...ref });
});

test("no tag is longer than ARM allows, and a long id is still told from another", () => {
  const long = { ...ref, id: `${ref.id}${"x".repeat(250)}` };
  const tags = marksOf(owner, long);
  expect(Object.values(tags).every((value) => value.length <= 256)).toBe(true);
  expect(refOf(tags, long.id)).toEqual(long);
  expect(refOf(tags, `${long.id}y`)).toBeUndefined();
});

test("tags that AKS hands on to what it makes do not make that ours", () => {
  const cluster = {
    type: "azure/aks-cluster",
    version: 1,
    id: `${group.id}/providers/Microsoft.ContainerService/managedClusters/c`,
  };
  const balancer =
    "/subscriptions/s/resourceGroups/MC_rg_c/providers/Microsoft.Network/loadBalancers/kubernetes";
  expect(refOf(marksOf(owner, cluster), balancer)).toBeUndefined();
});

test("incomplete or foreign marks are nobody's", () => {
  expect(ownerOf({ "provision-pipeline": "demo", "provision-step": "ip" })).toBeUndefined();
  expect(ownerOf(undefined)).toBeUndefined();
  expect(ownerOfDescription("made by hand")).toBeUndefined();
  expect(ownerOfDescription('{"managed":"other"}')).toBeUndefined();
  expect(ownerOfDescription("{not json")).toBeUndefined();
});

test("a description holds the owner too", () => {
  const text = descriptionOf(owner, "azure/role-assignment");
  expect(ownerOfDescription(text)).toEqual({ owner, type: "azure/role-assignment" });
});

test("a resource lives in its group, a pool in its cluster, a role assignment in its scope's group", () => {
  const cluster = `${group.id}/providers/Microsoft.ContainerService/managedClusters/c`;
  expect(parentOf(group.id)).toBeUndefined();
  expect(parentOf(ref.id)).toEqual(group);
  expect(parentOf(`${cluster}/agentPools/p`)).toMatchObject({ id: cluster, within: group });
  expect(parentOf(`${ref.id}/providers/Microsoft.Authorization/roleAssignments/x`)).toEqual(group);
  expect(parentOf("/subscriptions/s/providers/Microsoft.Authorization/roleAssignments/x")).toBeUndefined();
});
