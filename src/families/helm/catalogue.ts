/** What steps on charts of the catalogue have in common: inputs that all of them take, and what follows from those. */
import { type ChartName, pinnedChart } from "../../charts/catalogue.ts";
import type { JsonObject } from "../../clients/helm/client.ts";
import type { ClusterHandle } from "../../step/handle.ts";
import type { Outputs, Step } from "../../step/step.ts";
import { chartVersionInput, freeValuesInput, namespaceInput, releaseInput, timeoutInput } from "./inputs.ts";
import type { HelmActual } from "./observed.ts";
import { defineHelmStep, type ReleaseStep } from "./step.ts";

/** Inputs about the release, for the end of a step's own; the cluster comes first, by `clusterInput()`. */
export const releaseInputs = (
  chart: ChartName,
  preset: { readonly namespace: string; readonly release: string },
) => ({
  namespace: namespaceInput(preset.namespace),
  release: releaseInput(preset.release),
  chartVersion: chartVersionInput(chart),
  values: freeValuesInput(),
  timeout: timeoutInput(),
});

interface CatalogueInput {
  readonly cluster: ClusterHandle;
  readonly namespace: string;
  readonly release: string;
  readonly chartVersion: string;
  readonly values: JsonObject;
  readonly timeout: number;
}

/** A step on a chart of the catalogue, whose input has `cluster` and `releaseInputs`. */
export const defineCatalogueStep = <Input extends CatalogueInput, Output extends Outputs, Extra = undefined>({
  chart,
  ...definition
}: ReleaseStep<Input, Output, Extra> & { readonly chart: ChartName }): Step<
  Input,
  Output,
  HelmActual<Extra | undefined>
> =>
  defineHelmStep<Input, Output, Extra>({
    ...definition,
    cluster: ({ cluster }) => cluster,
    namespace: ({ namespace }) => namespace,
    release: ({ release }) => release,
    chart: ({ chartVersion }) => pinnedChart(chart, chartVersion),
    free: ({ values }) => values,
    timeout: ({ timeout }) => timeout,
  });
