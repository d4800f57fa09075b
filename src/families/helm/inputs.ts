/** Inputs that steps on Helm charts have in common. */
import { z } from "zod";
import { type ChartName, pinnedChart } from "../../charts/catalogue.ts";
import { clusterHandle } from "../../step/handle.ts";

/** https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#dns-label-names */
const label = () =>
  z
    .string()
    .regex(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/)
    .max(53);

export const clusterInput = () => clusterHandle.describe("The cluster to install into.");

export const namespaceInput = (preset: string) =>
  label().default(preset).describe("Namespace of the release; made where it is missing.");

/** Helm allows 53 characters, since objects are named after the release with a suffix. */
export const releaseInput = (preset: string) =>
  label().default(preset).describe("Name of the Helm release; at most 53 characters.");

export const requiredLabel = label;

export const timeoutInput = () =>
  z
    .int()
    .min(1)
    .max(120)
    .default(10)
    .describe("Minutes that Helm waits for the chart's objects to be ready.");

export const freeValuesInput = () =>
  z
    .record(z.string(), z.json())
    .default({})
    .describe("Any values of the chart, merged last, over what this step sets. They can hold no secret.");

export const chartVersionInput = (name: ChartName) =>
  z
    .string()
    .regex(/^v?\d+\.\d+\.\d+([-+].+)?$/)
    .default(pinnedChart(name).version)
    .describe("Version of the chart. The default is the one that provision is tested with.");
