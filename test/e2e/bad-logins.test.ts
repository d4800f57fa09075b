/** Logins that end, or may too little, while a run is under way: a fresh token where there is one, else one message. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { failuresOf, openCommand, type TestCommand } from "./command.ts";
import { smallCluster } from "./small-cluster.ts";

let command: TestCommand;
beforeEach(async () => {
  command = await openCommand("logins");
});
afterEach(() => command[Symbol.asyncDispose]());

const small = "pipelines/static-ip.yaml";
const up = (pipeline: string) => command.run(["up", "--sandbox", "--yes", pipeline]);
const log = z.object({
  entries: z.array(z.looseObject({ service: z.string(), path: z.string(), status: z.number() })),
});
const requests = async (service: string) =>
  log.parse(await command.control("requests")).entries.filter((entry) => entry.service === service);

/** One for Resource Manager, and one for the directory, in which orphans are looked for. */
const tokensOfARun = 2;
const tokensGiven = async () => (await requests("entra")).filter(({ path }) => path.includes("/token"));

test("a run outlives its tokens", async () => {
  await command.control("token-lifetime", 3);
  await command.control("fault", {
    service: "arm",
    method: "PUT",
    times: -1,
    kind: "latency",
    milliseconds: 1500,
  });
  const { said, exitCode } = await up(await command.file("pipeline.yaml", smallCluster("lasting")));
  expect(said).toContain("Done: 4 steps verified.");
  expect(exitCode).toBe(0);
  expect((await tokensGiven()).length).toBeGreaterThan(tokensOfARun);
});

test.each(["GET", "PUT"])(
  "a token that Azure takes for an expired one is replaced at a %s, and the run goes on",
  async (method) => {
    await command.control("fault", {
      service: "arm",
      method,
      skip: method === "GET" ? 3 : 1,
      kind: "expired-token",
    });
    const { said, exitCode } = await up(small);
    expect(said).toContain("Done: 2 steps verified.");
    expect(exitCode).toBe(0);
    expect((await requests("arm")).filter(({ status }) => status === 401)).toHaveLength(1);
    expect((await tokensGiven()).length).toBe(tokensOfARun + 1);
    expect((await up(small)).said).toContain("Nothing to do");
  },
);

test("where every token is refused, the run says so and changes nothing more; afterwards it goes on", async () => {
  await command.control("fault", {
    service: "arm",
    method: "PUT",
    path: "publicIPAddresses",
    times: -1,
    kind: "expired-token",
  });
  const { said, exitCode } = await up(small);
  expect(exitCode).toBe(1);
  expect(said).toMatch(/error\[ExpiredAuthenticationToken\] ip: [\s\S]*request id[\s\S]*hint +\S/);
  expect(said).toMatch(/done +group\n +not done +ip\n[\s\S]*Next: provision up/);
  expect(said.match(/error\[/g)).toHaveLength(1);
  await command.control("clear-faults", {});
  expect((await up(small)).said).toContain("Done: 2 steps verified.");
  expect((await up(small)).said).toContain("Nothing to do");
});

test("a login that is withdrawn while the cluster is made fails by Entra's word; the next run joins the operation", async () => {
  const file = await command.file("pipeline.yaml", smallCluster("withdrawn"));
  await command.control("token-lifetime", 3);
  await command.control("fault", {
    service: "arm",
    method: "PUT",
    path: "managedClusters/[^/]+$",
    kind: "stuck-operation",
  });
  const running = command.events("up", [file]);
  await running.until(({ kind, step }) => kind === "operation" && step === "cluster");
  await command.control("secret-expired", true);
  const { exitCode, events } = await running.ended;
  expect(failuresOf(events)).toEqual([
    {
      step: "cluster",
      failure: expect.objectContaining({
        kind: "unauthenticated",
        code: "AADSTS7000222",
        hint: expect.stringContaining("AZURE_CLIENT_SECRET"),
        resource: expect.stringMatching(/managedClusters|operation/),
      }),
    },
  ]);
  expect(exitCode).toBe(1);
  await command.control("secret-expired", false);
  const joining = command.events("up", [file]);
  await joining.until(({ kind, joined }) => kind === "operation" && joined === true);
  await command.control("release-operations", {});
  expect(await joining.ended).toMatchObject({ exitCode: 0 });
  expect((await up(file)).said).toContain("Nothing to do");
});

const main = ["pipelines/aks-nginx-flux.yaml", "--input", "domain=example.com"];

test.each([
  [
    "does not cover the zone",
    { permissions: ["zone:read", "dns:edit"], zones: ["example.test"] },
    1,
    /zone +dns[\s\S]*P0410 example\.com [\s\S]*token may see[\s\S]*Mend what stands at zone/,
  ],
  [
    "may read the zone only",
    { permissions: ["zone:read"] },
    4,
    /✗ P0643 +external-dns, probe: CLOUDFLARE_API_TOKEN has no DNS:Edit on example\.com\n +add DNS:Edit/,
  ],
  [
    "was disabled",
    { permissions: ["zone:read", "dns:edit"], status: "disabled" },
    1,
    /error\[cloudflare-9109\][^\n]*zone example\.com[\s\S]*hint +Set CLOUDFLARE_API_TOKEN/,
  ],
] as const)(
  "a Cloudflare token that %s: one message before the first write, then it goes on",
  async (_, allowed, code, says) => {
    const token = await command.cloudflareToken();
    await command.control("cloudflare-token", { token, ...allowed });
    const words = ["--sandbox", ...main];
    const { said, exitCode } = await command.run(["up", "--yes", ...words]);
    expect(said).toMatch(says);
    expect(said.match(/P0410|P064\d|error\[/g)).toHaveLength(1);
    expect(said).not.toContain(token);
    expect(exitCode).toBe(code);
    expect(await command.control("inventory")).toMatchObject({ groups: [], resources: [], records: [] });
    await command.control("cloudflare-token", { token, permissions: ["zone:read", "dns:edit"] });
    expect((await command.run(["preflight", ...words])).said).not.toMatch(/✗|P0410/);
  },
);
