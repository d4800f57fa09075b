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
      { kind: "cloudflare-zone", zone: "example.com", permissions: ["dns:edit"] },
      { kind: "tool", tool: "git", atLeast: "2.10" },
      { ...chart, name: "there" },
      { ...chart, name: "there" },
      { ...chart, name: "gone" },
    ],
    { use, signal },
  );
  expect(findings.map(({ code, severity }) => `${code} ${severity}`)).toEqual([
    "P0641 blocker",
    "P0650 ok",
    "P0660 ok",
    "P0661 blocker",
  ]);
});

test("where nothing is required nobody is asked", async () => {
  expect(await checkRequirements([], { use: useOf({}), signal })).toEqual([]);
});

test("a run that was cancelled asks nothing", async () => {
  const cancelled = AbortSignal.abort(new Error("cancelled"));
  const needs = [{ kind: "tool", tool: "git", atLeast: "2" }] as const;
  await expect(checkRequirements(needs, { use: useOf({}), signal: cancelled })).rejects.toThrow("cancelled");
});
