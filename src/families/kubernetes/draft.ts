/**
 * A Draft: an object that shall be, read lazily. Anywhere in it a function may stand for a value; it is called only
 * when that very value is needed, so that one that is unknown at plan time defers its own field and no other.
 */
import type { KubernetesObject, ObjectName } from "../../clients/kubernetes/client.ts";
import { Secret } from "../../step/secret.ts";
import type { Datum } from "../../step/step.ts";

export interface Draft {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string | undefined;
    readonly [field: string]: unknown;
  };
  readonly [field: string]: unknown;
}

export type Entries = { readonly [key: string]: unknown };

export const isEntries = (value: unknown): value is Entries =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Secret);

export const draftName = ({ apiVersion, kind, metadata }: Draft): ObjectName => ({
  apiVersion,
  kind,
  name: metadata.name,
  namespace: metadata.namespace,
});

/** The entries without some keys and with others, none of them read before it is asked for. */
export const lazyCopy = <More extends Entries>(
  entries: Entries,
  without: (key: string) => boolean,
  more: More,
): More => {
  const result = { ...more };
  for (const key of Object.keys(entries)) {
    if (key in more || without(key)) continue;
    Object.defineProperty(result, key, { get: () => entries[key], enumerable: true });
  }
  return result;
};

/** The whole of a value, with every function called; touching an unknown throws as it does anywhere. */
export const datumOf = (value: unknown): Datum | undefined => {
  const plain: unknown = typeof value === "function" ? value() : value;
  if (plain === undefined || plain === null) return plain;
  if (typeof plain === "string" || typeof plain === "number" || typeof plain === "boolean") return plain;
  if (plain instanceof Secret) return plain;
  if (Array.isArray(plain)) return plain.map((item) => datumOf(item) ?? null);
  if (plain instanceof Date) return plain.toISOString();
  if (!isEntries(plain)) return String(plain);
  return Object.fromEntries(Object.keys(plain).map((key) => [key, datumOf(plain[key])]));
};

const base64 = (text: string): string => Buffer.from(text, "utf8").toString("base64");

/** What `data` of a Secret holds for a value: its base64. */
const encoded = (value: unknown, encode: (text: string) => string): Secret | undefined => {
  const datum = datumOf(value);
  if (datum === undefined || datum === null) return undefined;
  return datum instanceof Secret
    ? new Secret(encode(datum.reveal()), datum.origin)
    : new Secret(encode(String(datum)), "a manifest");
};

/**
 * A Secret as the API keeps it: `stringData`, which can only be written, becomes `data`. Every value is a Secret of
 * our own, holding the base64 text, so that it is compared in memory and shown nowhere. Other kinds stay as they are.
 */
export const normalised = (draft: Draft): Draft => {
  if (draft.apiVersion !== "v1" || draft.kind !== "Secret") return draft;
  const { apiVersion, kind, metadata, data, stringData } = draft;
  const entries: Record<string, unknown> = {};
  if (isEntries(data)) {
    for (const key of Object.keys(data)) entries[key] = () => encoded(data[key], (text) => text);
  }
  if (isEntries(stringData)) {
    for (const key of Object.keys(stringData)) entries[key] = () => encoded(stringData[key], base64);
  }
  return lazyCopy(draft, (key) => key === "stringData", { apiVersion, kind, metadata, data: entries });
};

const revealed = (datum: Datum | undefined): unknown => {
  if (datum instanceof Secret) return datum.reveal();
  if (typeof datum !== "object" || datum === null) return datum;
  if (isList(datum)) return datum.map(revealed);
  return Object.fromEntries(
    Object.entries(datum)
      .filter(([, value]) => value !== undefined && value !== null)
      .map(([key, value]) => [key, revealed(value)]),
  );
};

const isList = (value: object): value is readonly Datum[] => Array.isArray(value);

/** What a controller or the API server writes, and nobody else: copied along in exported manifests. */
const serverSide = ["managedFields", "resourceVersion", "uid", "creationTimestamp", "generation", "selfLink"];

/**
 * The object as it is sent: every value read, secrets revealed. Only for a request body; never for a message.
 * Its status, and what the server alone writes in its metadata, are left out.
 */
export const built = (draft: Draft): KubernetesObject => {
  const { apiVersion, kind, metadata, status: _, ...rest } = normalised(draft);
  const own = Object.fromEntries(Object.entries(metadata).filter(([key]) => !serverSide.includes(key)));
  const body = revealed(datumOf(rest));
  const meta = revealed(datumOf(own));
  return {
    ...(isEntries(body) ? body : {}),
    apiVersion,
    kind,
    metadata: { ...(isEntries(meta) ? meta : {}), name: metadata.name, namespace: metadata.namespace },
  };
};
