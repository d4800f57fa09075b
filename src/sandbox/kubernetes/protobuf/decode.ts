/** Decodes `application/vnd.kubernetes.protobuf`: the `k8s\0` envelope, and the few kinds that clients send so. */
import protobuf from "protobufjs";
import { ApiError } from "../api-error.ts";
import { isObject, type Json, type JsonObject } from "../json.ts";
import { microTimeText, timeText } from "../time.ts";
import { type Message, messages } from "./messages.ts";

const magic = Buffer.from("k8s\0");

const protoName = (name: string): string => name.replaceAll(/[^A-Za-z0-9]/g, "_");

const definitionOf = (message: Message): protobuf.IType => ({
  fields: Object.fromEntries(
    Object.entries(message).map(([name, [id, type]]) => {
      const item = /^\[(.*)\]$/.exec(type)?.[1];
      if (item !== undefined) return [name, { id, rule: "repeated", type: protoName(item) }];
      const value = /^\{(.*)\}$/.exec(type)?.[1];
      if (value !== undefined) return [name, { id, keyType: "string", type: protoName(value) }];
      return [name, { id, type: protoName(type) }];
    }),
  ),
});

let root: protobuf.Root | undefined;
const typeOf = (name: string): protobuf.Type => {
  root ??= protobuf.Root.fromJSON({
    nested: Object.fromEntries(
      Object.entries(messages).map(([key, message]) => [protoName(key), definitionOf(message)]),
    ),
  });
  return root.lookupType(protoName(name));
};

const parseJson = (text: string): Json => JSON.parse(text);

const read = (name: string, bytes: Uint8Array): JsonObject => {
  const type = typeOf(name);
  const decoded = type.toObject(type.decode(bytes), { longs: Number, bytes: String });
  const value = parseJson(JSON.stringify(decoded));
  return isObject(value) ? fromWire(value, messages[name] ?? {}) : {};
};

/** Times are two numbers on the wire and text in JSON; managed fields are JSON inside bytes. */
const fromWire = (value: JsonObject, message: Message): JsonObject => {
  const result: JsonObject = {};
  for (const [name, item] of Object.entries(value)) {
    const type = message[name]?.[1] ?? "";
    if (item !== undefined) result[name] = fieldFromWire(item, type);
  }
  return result;
};

const fieldFromWire = (item: Json, type: string): Json => {
  const inner = /^\[(.*)\]$/.exec(type)?.[1];
  if (inner !== undefined && Array.isArray(item)) return item.map((entry) => fieldFromWire(entry, inner));
  if (!isObject(item)) return item;
  switch (type) {
    case "Time":
    case "MicroTime": {
      if (item.seconds === undefined && item.nanos === undefined) return null;
      const milliseconds = Number(item.seconds ?? 0) * 1000 + Math.floor(Number(item.nanos ?? 0) / 1e6);
      return type === "Time" ? timeText(milliseconds) : microTimeText(milliseconds);
    }
    case "FieldsV1":
      return parseJson(Buffer.from(String(item.Raw ?? ""), "base64").toString() || "{}");
    default: {
      const message = messages[type];
      return message ? fromWire(item, message) : item;
    }
  }
};

export const startsAsProtobuf = (body: Buffer): boolean => body.subarray(0, 4).equals(magic);

/**
 * The object in a body that starts as protobuf, with its apiVersion and kind. Kinds that nobody sends so are refused
 * with a 415.
 */
export const decodeProtobuf = (body: Buffer): JsonObject => {
  const type = typeOf("Unknown");
  const envelope = type.toObject(type.decode(body.subarray(4)), { bytes: Buffer });
  const apiVersion = String(envelope.typeMeta?.apiVersion ?? "");
  const kind = String(envelope.typeMeta?.kind ?? "");
  const name = kind === "DeleteOptions" ? kind : `${apiVersion}/${kind}`;
  if (!messages[name]) {
    throw new ApiError(
      "UnsupportedMediaType",
      `the body of the request was in an unknown format - accepted media types include: application/json, application/yaml (got protobuf of ${apiVersion} ${kind})`,
    );
  }
  const raw: unknown = envelope.raw;
  return { apiVersion, kind, ...read(name, raw instanceof Uint8Array ? raw : new Uint8Array()) };
};
