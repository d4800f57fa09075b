import { expect, test } from "vitest";
import type { TokenPolicy } from "../../../src/clients/cloudflare/client.ts";
import { allowances } from "../../../src/clients/cloudflare/permissions.ts";
import { Failure } from "../../../src/step/failure.ts";
import { fakeCloudflare, zone } from "../../families/dns/fake-cloudflare.ts";

const mayEdit = async (client = fakeCloudflare().client, of = zone()) =>
  (await allowances(client, of, ["zone:read", "dns:edit"])).get("dns:edit");
const policy = (changes: Partial<TokenPolicy>): TokenPolicy => ({
  effect: "allow",
  permissions: ["DNS Write"],
  resources: ["com.cloudflare.api.account.zone.z1"],
  ...changes,
});

test("the zone's own permissions tell whether records may be edited", async () => {
  expect(await mayEdit()).toBe("allowed");
  expect(
    await mayEdit(fakeCloudflare().client, zone({ permissions: ["#zone:read", "#dns_records:read"] })),
  ).toBe("missing");
});

test("the token's policies, where it may read them, win", async () => {
  const id = "a1";
  const on = (resource: string) =>
    mayEdit(fakeCloudflare({ policies: [policy({ resources: [resource] })] }).client, zone({ id }));
  expect(await on("com.cloudflare.api.account.zone.a1")).toBe("allowed");
  expect(await on("com.cloudflare.api.account.zone.b2")).toBe("missing");
  expect(await on("com.cloudflare.api.account.zone.*")).toBe("allowed");
  expect(await on("com.cloudflare.api.account.0123")).toBe("allowed");
  expect(await mayEdit(fakeCloudflare({ policies: [policy({ permissions: ["DNS Read"] })] }).client)).toBe(
    "missing",
  );
  expect(await mayEdit(fakeCloudflare({ policies: [policy({}), policy({ effect: "deny" })] }).client)).toBe(
    "missing",
  );
});

test("where nothing tells, records that can't be read can't be edited, and the rest is unknown", async () => {
  const silent = zone({ permissions: [] });
  expect(await mayEdit(fakeCloudflare().client, silent)).toBe("unknown");
  const { client } = fakeCloudflare();
  const closed = {
    ...client,
    records: {
      ...client.records,
      list: async () => {
        throw new Failure({ kind: "forbidden", code: "cloudflare-10000", message: "Authentication error" });
      },
    },
  };
  expect(await mayEdit(closed, silent)).toBe("missing");
});
