/** Causes of a refusal, worded as `util/validation/field` of apimachinery words them. */
import type { Cause } from "../api-error.ts";
import type { Json } from "../json.ts";

const cause = (reason: string, field: string, message: string): Cause => ({ reason, field, message });
const withDetail = (text: string, detail: string): string => (detail ? `${text}: ${detail}` : text);

export const required = (field: string, detail = ""): Cause =>
  cause("FieldValueRequired", field, withDetail("Required value", detail));

export const wrong = (field: string, value: Json | undefined, detail: string): Cause =>
  cause("FieldValueInvalid", field, `Invalid value: ${JSON.stringify(value ?? null)}: ${detail}`);

export const unsupported = (field: string, value: Json | undefined, supported: readonly string[]): Cause =>
  cause(
    "FieldValueNotSupported",
    field,
    `Unsupported value: ${JSON.stringify(value ?? "")}: supported values: ${supported.map((item) => JSON.stringify(item)).join(", ")}`,
  );

export const forbidden = (field: string, detail: string): Cause =>
  cause("FieldValueForbidden", field, `Forbidden: ${detail}`);

export const duplicate = (field: string, value: Json | undefined): Cause =>
  cause("FieldValueDuplicate", field, `Duplicate value: ${JSON.stringify(value ?? null)}`);

export const missing = (field: string, value: Json | undefined): Cause =>
  cause("FieldValueNotFound", field, `Not found: ${JSON.stringify(value ?? "")}`);

/** One cause for each thing that is wrong with a value. */
export const wrongs = (field: string, value: Json | undefined, details: readonly string[]): Cause[] =>
  details.map((detail) => wrong(field, value, detail));

/** None for a number that is left out. */
export const nonNegative = (field: string, value: Json | undefined): Cause[] =>
  typeof value === "number" && value < 0 ? [wrong(field, value, "must be greater than or equal to 0")] : [];

/** What a value that must be one of a few is refused with; one that is left out is not looked at. */
export const oneOf = (field: string, value: Json | undefined, supported: readonly string[]): Cause[] =>
  value === undefined || (typeof value === "string" && supported.includes(value))
    ? []
    : [unsupported(field, value, supported)];
