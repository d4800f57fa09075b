/**
 * The step contract, once for every Helm release. A step on it says which chart with which values, value by value,
 * what its outputs are, and what ready means besides available workloads.
 */
import type { z } from "zod";
import type { ChartSource } from "../../charts/source.ts";
import type { Json, JsonObject } from "../../clients/helm/client.ts";
import type { Release } from "../../clients/helm/release.ts";
import { oldestHelm } from "../../clients/helm/version.ts";
import type { KubernetesClient } from "../../clients/kubernetes/client.ts";
import type { StepContext } from "../../step/context.ts";
import { type ClusterHandle, clusterRef } from "../../step/handle.ts";
import type { Ref } from "../../step/ref.ts";
import type { Requirement } from "../../step/requirement.ts";
import type { Field, Outputs, Step, Verdict } from "../../step/step.ts";
import { bring } from "./bring.ts";
import { helmFamily } from "./family.ts";
import { releaseFields, type ValueEffect } from "./fields.ts";
import { releaseOwner } from "./marks.ts";
import { clusterOf, currentRevision, type HelmActual, placeOf, readActual } from "./observed.ts";
import { releaseReady } from "./ready.ts";
import { removeRelease } from "./removal.ts";
import { renderRelease } from "./render.ts";
import { mappedTree, mergeTrees, type ValueTree, valuesOf, valueTree } from "./values.ts";

/** What a Helm step keeps beside its release in the cluster, such as a Secret that the chart refers to. */
export interface Beside<Input, Extra> {
  /** Reads only. */
  observe(client: KubernetesClient, ref: Ref): Promise<Extra>;
  fields(input: Input, extra: Extra | undefined, actual: HelmActual | undefined): readonly Field[];
  /** Writes it, fenced, once the namespace is there; gives the values that only then are known. */
  apply(context: StepContext, client: KubernetesClient, ref: Ref, input: Input): Promise<JsonObject>;
  /** Paths of those values, which `fields` compares. */
  readonly values: readonly string[];
  remove(context: StepContext, client: KubernetesClient, ref: Ref): Promise<void>;
}

/** What a step says of its release, wherever that goes. */
export interface ReleaseStep<Input, Output extends Outputs, Extra> {
  readonly type: string;
  readonly summary: string;
  readonly input: z.ZodType<Input>;
  readonly output: z.ZodType<Output>;
  readonly outlivesParent?: boolean;
  /** Chart values by their paths, each its own function: `"controller.replicaCount": (input) => input.replicas`. */
  readonly values: Readonly<Record<string, (input: Input) => Json | undefined>>;
  /** What a change of a value does, where it is no plain update; by its path, as in `txtOwnerId`. */
  readonly effects?: Readonly<Record<string, ValueEffect>>;
  wait?(input: Input): boolean;
  readonly predict: Step<Input, Output>["predict"];
  requires?(input: Input): readonly Requirement[];
  /** Outputs from the release as it is. */
  outputs(client: KubernetesClient, ref: Ref, release: Release): Promise<Output>;
  readonly beside?: Beside<Input, Extra>;
  /** Before Helm runs: what people should know. */
  announce?(context: StepContext, input: Input): void;
  /** Asked once the workloads are available; ready where left out. */
  ready?(context: StepContext, client: KubernetesClient, ref: Ref, input: Input): Promise<Verdict>;
  /** Removes effects outside the cluster, while the release is still there. */
  beforeDestroy?(context: StepContext, client: KubernetesClient, ref: Ref): Promise<void>;
}

/** And where it goes, with which chart. */
export interface HelmStep<Input, Output extends Outputs, Extra> extends ReleaseStep<Input, Output, Extra> {
  cluster(input: Input): Pick<ClusterHandle, "id">;
  namespace(input: Input): string;
  release(input: Input): string;
  chart(input: Input): ChartSource;
  /** Any values of the user's own, merged last. */
  free?(input: Input): JsonObject | undefined;
  /** Minutes that Helm may wait. */
  timeout(input: Input): number;
}

export const defineHelmStep = <Input, Output extends Outputs, Extra = undefined>(
  definition: HelmStep<Input, Output, Extra>,
): Step<Input, Output, HelmActual<Extra | undefined>> => {
  const { beside } = definition;

  const treeOf = (input: Input): ValueTree => {
    const mapped = Object.entries(definition.values).map(
      ([path, value]) => [path, () => value(input)] as const,
    );
    const free = definition.free ? valueTree(() => definition.free?.(input) ?? {}) : mappedTree({});
    return mergeTrees(mappedTree(Object.fromEntries(mapped)), free);
  };

  const judge = async (
    context: StepContext,
    client: KubernetesClient,
    ref: Ref,
    input: Input,
    release: Release,
  ): Promise<Verdict> => {
    const verdict = await releaseReady(client, release);
    if (!verdict.ready || !definition.ready) return verdict;
    return definition.ready(context, client, ref, input);
  };

  return {
    type: definition.type,
    version: 1,
    summary: definition.summary,
    input: definition.input,
    output: definition.output,
    family: helmFamily,
    outlivesParent: definition.outlivesParent ?? false,
    predict: definition.predict,

    locate: (input) => ({
      type: definition.type,
      version: 1,
      id: `${definition.namespace(input)}/${definition.release(input)}`,
      within: clusterRef(definition.cluster(input)),
    }),

    requires: (input) => [
      { kind: "tool", tool: "helm", atLeast: oldestHelm },
      ...chartRequirement(definition.chart(input)),
      ...(definition.requires?.(input) ?? []),
    ],

    observe: async (context, ref) => {
      const client = await clusterOf(context, ref);
      const revision = await currentRevision(client, placeOf(ref));
      if (!revision) return { state: "absent" };
      const release = await revision.read();
      const [actual, extra, output] = await Promise.all([
        readActual(context, client, release),
        beside?.observe(client, ref),
        definition.outputs(client, ref, release),
      ]);
      return {
        state: "present",
        actual: { ...actual, extra },
        output,
        owner: releaseOwner(release.labels, context.owner),
        failed:
          release.status === "deployed"
            ? undefined
            : `its revision ${release.revision} is ${release.status}: ${release.description}`,
      };
    },

    fields: (input, actual) => [
      ...releaseFields(
        {
          chart: () => definition.chart(input),
          values: treeOf(input),
          elsewhere: beside?.values ?? [],
          effects: definition.effects ?? {},
        },
        actual,
      ),
      ...(beside?.fields(input, actual?.extra, actual) ?? []),
    ],

    apply: async (context, ref, input) => {
      definition.announce?.(context, input);
      await bring(context, ref, {
        chart: definition.chart(input),
        timeout: definition.timeout(input) * 60_000,
        wait: definition.wait?.(input) ?? true,
        values: async (client) => {
          const later = (await beside?.apply(context, client, ref, input)) ?? {};
          return valuesOf(
            mergeTrees(
              valueTree(() => later),
              treeOf(input),
            ),
          );
        },
        judge: (client, release) => judge(context, client, ref, input, release),
      });
    },

    verify: async (context, ref, input): Promise<Verdict> => {
      const client = await clusterOf(context, ref);
      const revision = await currentRevision(client, placeOf(ref));
      if (!revision) return { ready: false, reason: "the release is not there", worthWaiting: false };
      if (revision.status !== "deployed")
        return { ready: false, reason: `the release is ${revision.status}`, worthWaiting: false };
      return judge(context, client, ref, input, await revision.read());
    },

    destroy: async (context, ref) => {
      const client = await clusterOf(context, ref);
      await definition.beforeDestroy?.(context, client, ref);
      // What lives in the cluster alone goes with it.
      if (context.dies(placeOf(ref).cluster)) return;
      await removeRelease(context, ref, async () => beside?.remove(context, client, ref));
    },

    render: (context, input) =>
      renderRelease(context, {
        chart: definition.chart(input),
        release: definition.release(input),
        namespace: definition.namespace(input),
        values: valuesOf(treeOf(input)),
      }),
  };
};

const chartRequirement = (chart: ChartSource): readonly Requirement[] =>
  chart.kind === "folder"
    ? []
    : [{ kind: "chart", repository: chart.repository, name: chart.name, version: chart.version }];
