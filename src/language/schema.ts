/**
 * JSON Schema (draft 7) of a whole pipeline file, for editors: completion and hover for every step's `with`, and
 * errors while typing. It knows no references, so what it accepts `validate` may still refuse.
 */
import type { Manifest, StepManifest } from "../step/shape.ts";
import { limits } from "./limits.ts";
import { expression, type JsonSchema, objectSchema, requiredOf } from "./shape-schema.ts";

/** JSON Schema's keyword. Written as a key it would look like the method of a promise. */
const thenKeyword = "then";

const definitions: JsonSchema = {
  expression: {
    description: "An expression, which keeps its type: `${" + "{ steps.ip.outputs.address }}`.",
    type: "string",
    pattern: "^\\s*\\$\\{\\{[\\s\\S]*\\}\\}\\s*$",
  },
  interpolated: {
    description: "Text with expressions in it: `rg-${" + "{ inputs.cluster }}`.",
    type: "string",
    pattern: "\\$\\{\\{",
  },
};

const identifiers = { pattern: "^[A-Za-z][A-Za-z0-9_-]*$", maxLength: limits.identifierLength };
const scalarTypes = ["string", "number", "boolean"];

/** The schema of pipelines that use the step types of the manifest, and local steps with a free `with`. */
export const pipelineSchema = (manifest: Manifest): JsonSchema => {
  const steps = Object.values(manifest).toSorted((a, b) => (a.type < b.type ? -1 : 1));
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    description: "A pipeline of provision.",
    type: "object",
    additionalProperties: false,
    required: ["name", "steps"],
    properties: {
      name: {
        description: "Name of the pipeline: marks what it makes.",
        type: "string",
        pattern: "^[a-z0-9-]+$",
        maxLength: limits.nameLength,
      },
      instance: {
        description:
          "Tells apart several installations; reads inputs only. The pipeline's name where it is not given.",
        type: "string",
        minLength: 1,
      },
      inputs: named("What differs between runs.", inputSchema),
      secrets: named("Secrets, each with its one source.", secretSchema),
      credentials: {
        description: "Tokens that clients log in with. They win over the environment.",
        type: "object",
        additionalProperties: false,
        properties: { cloudflare: expression, github: expression },
      },
      steps: {
        ...named("The steps by id. Their order comes from references and `needs`.", stepSchema(steps)),
        minProperties: 1,
        maxProperties: limits.steps,
      },
      outputs: named("What a run shows at its end.", {
        description: "A value, or `{ value, description }`.",
      }),
    },
    definitions,
  };
};

const named = (description: string, values: JsonSchema): JsonSchema => ({
  description,
  type: "object",
  propertyNames: identifiers,
  additionalProperties: values,
});

const inputSchema: JsonSchema = {
  anyOf: [
    { description: "The input's type alone; it must be given.", enum: scalarTypes },
    {
      type: "object",
      additionalProperties: false,
      required: ["type"],
      properties: {
        type: { description: "Type of the input.", enum: scalarTypes },
        default: {
          description: "Taken where none is given. Without it the input must be given.",
          type: scalarTypes,
        },
        description: { description: "What the input is for.", type: "string" },
        values: {
          description: "The only values allowed.",
          type: "array",
          minItems: 1,
          items: { type: scalarTypes },
        },
        pattern: { description: "Regular expression that the text must match.", type: "string" },
      },
    },
  ],
};

const only = (properties: JsonSchema): JsonSchema => ({
  type: "object",
  additionalProperties: false,
  required: Object.keys(properties),
  properties,
});

const nonEmpty = (description: string): JsonSchema => ({ description, type: "string", minLength: 1 });

const secretSchema: JsonSchema = {
  anyOf: [
    only({ env: nonEmpty("Environment variable that holds the secret.") }),
    only({ file: nonEmpty("File that holds the secret, relative to the pipeline.") }),
    only({
      keyVault: nonEmpty("Name of the Azure Key Vault."),
      name: nonEmpty("Name of the secret in it."),
    }),
  ],
};

const stepSchema = (steps: readonly StepManifest[]): JsonSchema => ({
  type: "object",
  required: ["uses"],
  additionalProperties: false,
  properties: {
    uses: {
      description: "Type of the step, or the path of a local one.",
      anyOf: [
        {
          type: "string",
          enum: steps.map((step) => step.type),
          markdownEnumDescriptions: steps.map((step) => step.summary),
        },
        { type: "string", pattern: "^\\./" },
      ],
    },
    with: { description: "The step's input.", type: "object" },
    needs: {
      description: "Steps to wait for where no value flows.",
      anyOf: [{ type: "string" }, { type: "array", items: { type: "string" } }],
    },
    if: {
      description: "A condition over inputs. Where it is false the step is left as it is.",
      type: ["string", "boolean"],
    },
    timeout: {
      description: "Time for the step as a whole, retries included: `30s`, `90m`, `1h30m`.",
      type: "string",
      pattern: "^(\\d+h)?(\\d+m)?(\\d+s)?$",
      minLength: 1,
    },
    protect: { description: "Never destroyed, by whatever command.", type: "boolean", default: false },
    adopt: { description: "May take over a thing that carries no marks.", type: "boolean", default: false },
    replace: {
      description: "Whether the step may be destroyed and made anew where a change needs it.",
      enum: ["allowed", "never"],
      default: "never",
    },
  },
  // Not oneOf: editors complete and explain best where exactly one branch is chosen by `uses`.
  allOf: steps.map((step) => ({
    if: { properties: { uses: { const: step.type } }, required: ["uses"] },
    [thenKeyword]: {
      properties: { with: { description: step.summary, ...objectSchema(step.input) } },
      ...(requiredOf(step.input).length > 0 ? { required: ["with"] } : {}),
    },
  })),
});
