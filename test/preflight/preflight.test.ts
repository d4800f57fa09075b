import { expect, test } from "vitest";
import { checkRequirements } from "../../src/preflight/preflight.ts";
import { Failure } from "../../src/step/failure.ts";
import { fakeCloudflare, useOf } from "../families/dns/fake-cloudflare.ts";

const signal = new AbortController().signal;

test("all kinds are asked about in one go, and what is well is told like what is not", async () => {
  const use = useOf({
    cloudflare: fakeCloudflare({ zones: [] }).client,
    tools: { version: async () => "2.39.5" },
    charts: {
      obtain: async (chart: { name: string; version: string }) => {
        if (chart.name === "gone")
          throw new Failure({ kind: "not-found", code: "P0460", message: "no such chart" });
        return { ...chart, path: "/x", digest: "sha256:0", from: "mirror" };
      },
    },
  });
  const chart = { kind: "chart", repository: "https://charts.example.com", version: "1.2.3" } as const;
  const findings = await checkRequirements(
    [
      { step: "zone", kind: "cloudflare-zone", zone: "example.com", permissions: ["dns:edit"] },
      { step: "key", kind: "tool", tool: "git", atLeast: "2.10" },
      { step: "web", ...chart, name: "there" },
      { step: "shop", ...chart, name: "there" },
      { step: "web", ...chart, name: "gone" },
    ],
    { use, signal },
  );
  expect(findings.map(({ code, severity, steps }) => `${code} ${severity} ${steps.join(" ")}`)).toEqual([
    "P0641 blocker zone",
    "P0661 blocker web",
    "P0650 ok key",
    "P0660 ok web shop",
  ]);
});

test("what several steps are told alike is one finding, of all of them", async () => {
  const login = new Failure({ kind: "unauthenticated", code: "X", message: "no login", hint: "`az login`" });
  const azure = {
    subscription: "s",
    list: () => Promise.reject(login),
    kubernetesVersions: () => Promise.reject(login),
  };
  const findings = await checkRequirements(
    [
      { step: "group", kind: "provider", namespace: "Microsoft.Network" },
      { step: "cluster", kind: "kubernetes-version", location: "westeurope", version: "1.35" },
      { step: "ip", kind: "provider", namespace: "Microsoft.Network" },
    ],
    { use: useOf({ azure }), signal },
  );
  expect(findings).toEqual([
    {
      code: "P0600",
      severity: "blocker",
      steps: ["group", "cluster", "ip"],
      message: "Azure could not be asked: no login",
      hint: "`az login`",
    },
  ]);
});

test("where nothing is required nobody is asked", async () => {
  expect(await checkRequirements([], { use: useOf({}), signal })).toEqual([]);
});

test("a run that was cancelled asks nothing", async () => {
  const cancelled = AbortSignal.abort(new Error("cancelled"));
  const needs = [{ step: "key", kind: "tool", tool: "git", atLeast: "2" }] as const;
  await expect(checkRequirements(needs, { use: useOf({}), signal: cancelled })).rejects.toThrow("cancelled");
});
