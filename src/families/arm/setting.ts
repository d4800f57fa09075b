/**
 * One setting of an ARM resource: where it is in the wire's model, what it shall be, and what changing it does.
 * From the same list come the fields of a plan and the body of a PUT.
 */
import type { Json } from "../../clients/azure/client.ts";
import { Secret } from "../../step/secret.ts";
import type { Datum, Effect, Field } from "../../step/step.ts";
import { at, type Model, withValue } from "./model.ts";

export interface Setting<Input> {
  /** As a person would name it; also where it is, below `properties`, unless `at` says otherwise. */
  readonly path: string;
  /** Where it is in the model: `sku.name`, `properties.dnsSettings.domainNameLabel`. */
  readonly at?: string | undefined;
  /** Touches the input lazily; `undefined` leaves the setting to the service, or to whoever set it. */
  readonly desired: (input: Input, exists: boolean) => Json | undefined;
  /** What changing it does; where it depends on both sides, it is asked once both are known. */
  readonly effect: Effect | ((desired: Json | undefined, actual: Json | undefined) => Effect);
  readonly reason?: string | undefined;
  /** Written only once every setting of a lower stage is in place; 0 unless said otherwise. */
  readonly stage?: number | undefined;
  /** Where equality is not deep equality. */
  readonly same?: ((desired: Datum | undefined, actual: Datum | undefined) => boolean) | undefined;
  /** Reads what `at` can't (an item of a list by its name). */
  readonly read?: ((model: Model) => Json | undefined) | undefined;
  /** Writes what `at` can't, into the actual model, or an empty one on creation. */
  readonly write?: ((model: Model, value: Json) => Model) | undefined;
}

const placeOf = <Input>({ at: place, path }: Setting<Input>): string => place ?? `properties.${path}`;

const actualOf = <Input>(setting: Setting<Input>, model: Model | undefined): Json | undefined => {
  if (!model) return undefined;
  return setting.read ? setting.read(model) : at(model, placeOf(setting));
};

/** The fields of a plan. Touches no input: every `desired` and `effect` does so itself, when asked. */
export const fieldsOf = <Input>(
  settings: readonly Setting<Input>[],
  input: Input,
  model: Model | undefined,
): readonly Field[] =>
  settings.map((setting): Field => {
    const actual = actualOf(setting, model);
    const { effect } = setting;
    return {
      path: setting.path,
      desired: () => setting.desired(input, model !== undefined),
      actual,
      get effect() {
        return typeof effect === "function"
          ? effect(setting.desired(input, model !== undefined), actual)
          : effect;
      },
      reason: setting.reason,
      same: setting.same,
    };
  });

/**
 * The body of a PUT: what is there, with the settings written over it where they differ, so that nothing which
 * others set is dropped and nothing that counts as equal is touched.
 */
export const bodyOf = <Input>(
  settings: readonly Setting<Input>[],
  input: Input,
  model: Model | undefined,
): Model =>
  settings.reduce<Model>((body, setting) => {
    const desired = setting.desired(input, model !== undefined);
    const actual = actualOf(setting, model);
    if (desired === undefined || (model && (setting.same ?? equal)(desired, actual))) return body;
    return setting.write ? setting.write(body, desired) : withValue(body, placeOf(setting), desired);
  }, model ?? {});

/** Deep equality of plain data; a missing property equals `undefined`. */
export const equal = (a: Datum | undefined, b: Datum | undefined): boolean => {
  if (a === b) return true;
  if (a instanceof Secret || b instanceof Secret) return false;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (isArray(a) || isArray(b)) {
    return (
      isArray(a) && isArray(b) && a.length === b.length && a.every((item, index) => equal(item, b[index]))
    );
  }
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].every((key) => equal(a[key], b[key]));
};

const isArray = (value: Datum): value is readonly Datum[] => Array.isArray(value);

/** Ids, locations and names that ARM compares without case, and locations without blanks. */
export const sameText = (desired: Datum | undefined, actual: Datum | undefined): boolean =>
  typeof desired === "string" && typeof actual === "string"
    ? plain(desired) === plain(actual)
    : desired === actual;

const plain = (text: string): string => text.replaceAll(" ", "").toLowerCase();

/** Lists whose order means nothing: zones, address ranges, taints. */
export const sameSet = (desired: Datum | undefined, actual: Datum | undefined): boolean => {
  const items = (value: Datum | undefined): readonly string[] =>
    value !== null && typeof value === "object" && isArray(value)
      ? value.map((item) => JSON.stringify(item)).sort()
      : [];
  return equal(items(desired), items(actual));
};

/** The region, that of the group unless the input names one. */
export const locationSetting = <
  Input extends { readonly location?: string | undefined; readonly group: { readonly location: string } },
>(): Setting<Input> => ({
  path: "location",
  at: "location",
  desired: ({ location, group }) => location ?? group.location,
  effect: "replace",
  same: sameText,
});
