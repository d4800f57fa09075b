/**
 * Reads a folder of official API descriptions, Swagger 2.0 or OpenAPI 3, as their publishers keep them, and checks
 * bodies against the schema of their operation. References may lead to other files of the folder.
 */
import { readdir, readFile } from "node:fs/promises";
import { join, sep } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import ajv2020 from "ajv/dist/2020.js";
import formats from "ajv-formats";
import { z } from "zod";

const node = z.record(z.string(), z.unknown());
type Node = z.output<typeof node>;

const document = z.looseObject({
  swagger: z.string().optional(),
  openapi: z.string().optional(),
  info: z.looseObject({ version: z.string() }),
  paths: z.record(z.string(), node).default({}),
  /** Shared ones, of Swagger. */
  parameters: z.record(z.string(), node).default({}),
});
type Document = z.output<typeof document>;

export interface Described {
  readonly operationId: string;
  readonly version: string;
  /** With its placeholders: `/subscriptions/{subscriptionId}`. */
  readonly path: string;
  /** Files of recorded examples. */
  readonly examples: readonly string[];
  /** Name of the parameter that is the body, in Swagger and its examples. */
  readonly body: string | undefined;
  /** Undefined where the description has no body there. */
  checkRequest(body: unknown): readonly string[] | undefined;
  /** Undefined where the description has no such status, or none with a body. */
  checkAnswer(status: number, body: unknown): readonly string[] | undefined;
  /** Statuses that the description has, as it writes them: `200`, `default`, `4XX`. */
  readonly statuses: readonly string[];
}

export interface Descriptions {
  readonly operations: number;
  /**
   * The operation of a request.
   * @param path Decoded, without the part that the description's servers have.
   * @param version Of the API, where the description is one of many; else the newest that is older is taken.
   */
  find(method: string, path: string, version?: string): Described | undefined;
}

type Validator = InstanceType<typeof ajv2020.Ajv2020>;

const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Names of properties that a document has as `readOnly` anywhere. */
const readOnlyNames = (value: unknown, found = new Set<string>()): ReadonlySet<string> => {
  if (Array.isArray(value)) for (const inner of value) readOnlyNames(inner, found);
  if (!isNode(value)) return found;
  const properties = isNode(value.properties) ? value.properties : {};
  for (const [name, inner] of Object.entries(properties))
    if (isNode(inner) && inner.readOnly === true) found.add(name);
  for (const inner of Object.values(value)) readOnlyNames(inner, found);
  return found;
};

/**
 * Keywords of Swagger and OpenAPI that JSON Schema reads in another way.
 * @param absent Names that are not required although the document says so: read-only ones of what is sent.
 */
const readable = (value: unknown, absent: ReadonlySet<string>): unknown => {
  if (Array.isArray(value)) return value.map((inner) => readable(inner, absent));
  if (!isNode(value)) return value;
  const { exclusiveMinimum, exclusiveMaximum, discriminator, example, nullable, ...rest } = value;
  const kept = Object.fromEntries(
    Object.entries(rest).map(([key, inner]) => [
      key,
      key === "required" && Array.isArray(inner)
        ? inner.filter((name) => !absent.has(String(name)))
        : readable(inner, absent),
    ]),
  );
  const bounds = {
    ...(typeof exclusiveMinimum === "number" ? { exclusiveMinimum } : {}),
    ...(typeof exclusiveMaximum === "number" ? { exclusiveMaximum } : {}),
    // A property may have the name of a keyword.
    ...(isNode(discriminator) && isNode(discriminator.properties)
      ? { discriminator: readable(discriminator, absent) }
      : {}),
    ...(isNode(example) ? { example: readable(example, absent) } : {}),
  };
  if (nullable === true) return { anyOf: [{ ...kept, ...bounds }, { type: "null" }] };
  return { ...kept, ...bounds, ...(isNode(nullable) ? { nullable: readable(nullable, absent) } : {}) };
};

const escaped = (key: string): string => key.replaceAll("~", "~0").replaceAll("/", "~1");
const pointer = (...keys: readonly string[]): string =>
  `#/${keys.map((key) => encodeURIComponent(escaped(key))).join("/")}`;

/** `{scope}` of ARM is itself a path. */
const patternOf = (template: string): RegExp => {
  const parts = template.split(/(\{[^}]+\})/);
  const text = parts.map((part) =>
    /^\{\/?(scope|resourceId|resourceScope)\}$/i.test(part)
      ? ".+"
      : part.startsWith("{")
        ? "[^/]+"
        : part.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&"),
  );
  return new RegExp(`^${text.join("")}/?$`, "i");
};

const jsonFiles = async (folder: string): Promise<readonly string[]> =>
  (await readdir(folder, { recursive: true }))
    .filter((name) => name.endsWith(".json") && !name.split(sep).includes("examples"))
    .map((name) => join(folder, name));

const documentOf = (text: string): Document | undefined => {
  const parsed = document.safeParse(JSON.parse(text));
  return parsed.success && (parsed.data.swagger ?? parsed.data.openapi) !== undefined
    ? parsed.data
    : undefined;
};

const validator = (): Validator => {
  const ajv = new ajv2020.Ajv2020({ allErrors: true, strict: false, logger: false, unicodeRegExp: false });
  formats.default(ajv);
  return ajv;
};

export const openDescriptions = async (folder: string): Promise<Descriptions> => {
  const [answers, requests] = [validator(), validator()];
  const found: { method: string; pattern: RegExp; literal: number; described: Described }[] = [];

  const check = (ajv: Validator, id: string, at: string, body: unknown): readonly string[] => {
    const validate = ajv.getSchema(`${id}${at}`) ?? ajv.compile({ $ref: `${id}${at}` });
    validate(body);
    return (validate.errors ?? []).map(
      ({ instancePath, message, params }) => `${instancePath}: ${message} ${JSON.stringify(params)}`,
    );
  };

  const describe = (
    id: string,
    { info: { version }, parameters: shared }: Document,
    [path, method, operation]: readonly [string, string, Node],
  ): Described => {
    const responses = isNode(operation.responses) ? operation.responses : {};
    const parameters = (Array.isArray(operation.parameters) ? operation.parameters : [])
      .filter(isNode)
      .map((parameter, index) => {
        const name = /^#\/parameters\/(.+)$/.exec(String(parameter.$ref))?.[1];
        return name === undefined
          ? { parameter, at: ["paths", path, method, "parameters", String(index)] }
          : { parameter: shared[name] ?? {}, at: ["parameters", name] };
      });
    const bodyParameter = parameters.find(({ parameter }) => parameter.in === "body");
    const content = ["content", "application/json", "schema"];
    const request = isNode(operation.requestBody)
      ? pointer("paths", path, method, "requestBody", ...content)
      : bodyParameter && pointer(...bodyParameter.at, "schema");
    const examples = isNode(operation["x-ms-examples"]) ? Object.values(operation["x-ms-examples"]) : [];
    const bodyName = bodyParameter?.parameter.name;
    return {
      path,
      body: typeof bodyName === "string" ? bodyName : undefined,
      examples: examples.flatMap((example) =>
        isNode(example) && typeof example.$ref === "string" ? [fileURLToPath(new URL(example.$ref, id))] : [],
      ),
      operationId: String(operation.operationId),
      version,
      statuses: Object.keys(responses),
      checkRequest: (body) => (request === undefined ? undefined : check(requests, id, request, body)),
      checkAnswer: (status, body) => {
        const key = [String(status), `${String(status)[0]}XX`, "default"].find((name) =>
          isNode(responses[name]),
        );
        const response = key === undefined ? undefined : responses[key];
        if (key === undefined || !isNode(response)) return undefined;
        const inside = isNode(response.content) ? content : "schema" in response ? ["schema"] : undefined;
        return (
          inside && check(answers, id, pointer("paths", path, method, "responses", key, ...inside), body)
        );
      },
    };
  };

  for (const file of await jsonFiles(folder)) {
    const read = documentOf(await readFile(file, "utf8"));
    const id = pathToFileURL(file).href;
    if (read === undefined) continue;
    answers.addSchema({ ...node.parse(readable(read, new Set())), $id: id });
    requests.addSchema({ ...node.parse(readable(read, readOnlyNames(read))), $id: id });
    for (const [path, methods] of Object.entries(read.paths))
      for (const [method, operation] of Object.entries(methods))
        if (isNode(operation) && isNode(operation.responses))
          found.push({
            method: method.toUpperCase(),
            pattern: patternOf(path),
            literal: path.replaceAll(/\{[^}]+\}/g, "").length,
            described: describe(id, read, [path, method, operation]),
          });
  }
  // The path with most of its own words is meant; of that, the newest version that is not newer than the one asked.
  found.sort((a, b) => b.literal - a.literal || b.described.version.localeCompare(a.described.version));
  return {
    operations: found.length,
    find: (method, path, version) =>
      found.find(
        (entry) =>
          entry.method === method &&
          (version === undefined || entry.described.version <= version) &&
          entry.pattern.test(path),
      )?.described,
  };
};
