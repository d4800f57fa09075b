/** Any Helm chart, from a repository, from provision's own catalogue, or from a folder beside the pipeline. */
import { z } from "zod";
import { chartNames, pinnedChart } from "../../charts/catalogue.ts";
import type { ChartSource } from "../../charts/source.ts";
import { clusterInput, freeValuesInput, requiredLabel, timeoutInput } from "../../families/helm/inputs.ts";
import { defineHelmStep } from "../../families/helm/step.ts";
import { Failure } from "../../step/failure.ts";
import { handle } from "../../step/handle.ts";

const input = z.object({
  cluster: clusterInput(),
  namespace: requiredLabel().describe("Namespace of the release; made where it is missing."),
  release: requiredLabel().describe("Name of the Helm release; at most 53 characters."),
  chart: z
    .union([
      z
        .string()
        .regex(/^\.\.?\//)
        .describe("Folder of a chart, relative to the pipeline: `./charts/announcer`."),
      z.enum(chartNames).describe("A chart of provision's catalogue, at its pinned version."),
      z
        .object({
          repository: z
            .string()
            .regex(/^(https|http|oci):\/\/[^/].*[^/]$/)
            .describe(
              "Address of the chart repository, as in `https://charts.example.org` or `oci://ghcr.io/org/charts`.",
            ),
          name: z
            .string()
            .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/)
            .describe("Name of the chart in it."),
          version: z
            .string()
            .regex(/^v?\d+\.\d+\.\d+([-+].+)?$/)
            .describe("Version of the chart, exactly: `1.2.3`."),
        })
        .describe("A chart of a repository."),
    ])
    .describe("Which chart. Its digest is kept in `provision.lock`, unless it is a folder."),
  values: freeValuesInput(),
  timeout: timeoutInput(),
  wait: z.boolean().default(true).describe("Whether Helm waits until the chart's objects are ready."),
});

type Input = z.output<typeof input>;

const output = handle("helm-release", {
  cluster: z.string().describe("Id of the cluster it runs in, as in the cluster's handle."),
  namespace: z.string().describe("Namespace of the release."),
  release: z.string().describe("Name of the release."),
});

const retired = /^https?:\/\/(charts\.helm\.sh|kubernetes-charts\.storage\.googleapis\.com)\b/;

const chartOf = ({ chart }: Input): ChartSource => {
  if (typeof chart === "string") {
    const pinned = chartNames.find((name) => name === chart);
    return pinned ? pinnedChart(pinned) : { kind: "folder", path: chart };
  }
  if (retired.test(chart.repository) && chart.name === "nginx-ingress")
    throw new Failure({
      kind: "rejected",
      code: "P0767",
      message:
        "the chart stable/nginx-ingress is retired since 2020, and does not publish its address by default",
      hint: "use `uses: ingress/nginx`, or the chart ingress-nginx of https://kubernetes.github.io/ingress-nginx",
    });
  return { kind: "repository", repository: chart.repository, name: chart.name, version: chart.version };
};

export default defineHelmStep({
  type: "helm/release",
  summary: "A Helm release of any chart, from a repository or a folder beside the pipeline.",
  input,
  output,
  cluster: (wanted) => wanted.cluster,
  namespace: (wanted) => wanted.namespace,
  release: (wanted) => wanted.release,
  chart: chartOf,
  values: {},
  free: (wanted) => wanted.values,
  timeout: (wanted) => wanted.timeout,
  wait: (wanted) => wanted.wait,
  predict: {
    kind: () => "helm-release" as const,
    cluster: (wanted) => wanted.cluster.id,
    namespace: (wanted) => wanted.namespace,
    release: (wanted) => wanted.release,
  },
  outputs: async (_client, ref, release) => ({
    kind: "helm-release" as const,
    cluster: ref.within?.id ?? "",
    namespace: release.namespace,
    release: release.release,
  }),
});
