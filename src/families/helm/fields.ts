/** The comparable settings of a release: its chart, each leaf of its values, and what was changed by hand. Pure. */
import { type ChartSource, chartTitle } from "../../charts/source.ts";
import type { Json } from "../../clients/helm/client.ts";
import type { Field } from "../../step/step.ts";
import { sameSource } from "./marks.ts";
import type { HelmActual } from "./observed.ts";
import { leavesOf, pathOf, type ValueTree, valueAt, valueTree } from "./values.ts";

export interface FieldSources {
  readonly chart: () => ChartSource;
  readonly values: ValueTree;
  /** Paths of values that only apply knows, and that the step compares itself. */
  readonly elsewhere: readonly string[];
  readonly effects: Readonly<Record<string, ValueEffect>>;
}

export type ValueEffect = Pick<Field, "effect" | "reason">;

export const releaseFields = (
  { chart, values, elsewhere, effects }: FieldSources,
  actual: HelmActual | undefined,
): readonly Field[] => [
  ...chartFields(chart, actual),
  ...valueFields(values, actual, new Set(elsewhere), effects),
  ...(actual?.drift ?? []).map(
    (drift): Field => ({
      path: drift.path,
      desired: () => drift.wanted,
      actual: drift.actual,
      // Whether they are equal was found out with the kind of the field in mind; here they differ.
      same: () => false,
      effect: "update",
    }),
  ),
];

const chartFields = (chart: () => ChartSource, actual: HelmActual | undefined): readonly Field[] => {
  const installed = actual?.source;
  return [
    {
      path: "chart",
      desired: () => chartName(chart()),
      actual: installed ? chartName(installed) : actual?.chart.name,
      effect: "update",
    },
    {
      path: "chart.version",
      desired: () => versionOf(chart()),
      actual: installed ? versionOf(installed) : actual?.chart.version,
      effect: "update",
    },
    {
      path: "chart.digest",
      // Of another chart than the installed one nothing is known before it is fetched.
      desired: () => (actual && sameSource(chart(), installed) ? actual.currentDigest : undefined),
      actual: actual?.digest,
      effect: "update",
    },
  ];
};

const chartName = (chart: ChartSource): string =>
  chart.kind === "folder" ? chartTitle(chart) : `${chart.repository}/${chart.name}`;

/** A folder has the version that its Chart.yaml says; its digest tells whether it changed. */
const versionOf = (chart: ChartSource): string | undefined =>
  chart.kind === "folder" ? undefined : chart.version;

const valueFields = (
  wanted: ValueTree,
  actual: HelmActual | undefined,
  elsewhere: ReadonlySet<string>,
  effects: FieldSources["effects"],
): readonly Field[] => {
  const leaves = leavesOf(wanted).filter(({ keys }) => !elsewhere.has(pathOf(keys)));
  const fields = leaves.map(({ keys, read }): Field => {
    const now = valueAt(actual?.values, keys);
    return {
      path: valuePath(keys),
      // A value that is wanted no more is taken out; Helm writes that as null.
      desired: () => read() ?? (now === undefined ? undefined : null),
      actual: now,
      same: sameValue,
      ...(effects[pathOf(keys)] ?? { effect: "update" }),
    };
  });
  const covered = (keys: readonly string[]) =>
    leaves.some(({ keys: known }) => known.every((key, index) => keys[index] === key)) ||
    elsewhere.has(pathOf(keys));
  const given = leavesOf(valueTree(() => actual?.values)).filter(({ keys }) => keys.length > 0);
  const surplus = given.filter(({ keys }) => !covered(keys));
  return [
    ...fields,
    ...surplus.map(
      ({ keys, read }): Field => ({
        path: valuePath(keys),
        desired: () => null,
        actual: read(),
        effect: "update",
      }),
    ),
  ];
};

const valuePath = (keys: readonly string[]): string =>
  keys.length === 0 ? "values" : `values.${pathOf(keys)}`;

/** Null takes a value out, as if it had not been given; an empty object says nothing. */
const sameValue = (desired: unknown, actual: unknown): boolean =>
  JSON.stringify(canonical(desired)) === JSON.stringify(canonical(actual));

const canonical = (value: unknown): unknown => {
  if (value === undefined || value === null) return null;
  if (Array.isArray(value)) return value.map(canonical);
  if (!isJsonObject(value)) return value;
  const entries = Object.keys(value)
    .toSorted()
    .map((key) => [key, canonical(value[key])]);
  return entries.length === 0 ? null : Object.fromEntries(entries);
};

const isJsonObject = (value: unknown): value is Readonly<Record<string, Json>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
