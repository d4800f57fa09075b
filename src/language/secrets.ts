/** The `secrets:` of a pipeline, each with its one source, and the `credentials:` that clients log in with. */
import { ContextAccess } from "@actions/expressions/ast";
import type { CheckContext } from "./context.ts";
import { asMap, asText, checkIdentifier, entriesOf, type Fields, fieldsOf } from "./fields.ts";
import { limits } from "./limits.ts";
import type { SecretDeclaration, SecretSource, Template } from "./pipeline.ts";
import type { Report } from "./report.ts";
import { hasExpression } from "./scan.ts";
import type { Source } from "./source.ts";
import { typedScalar } from "./templates.ts";
import { chainOf } from "./tree.ts";
import type { Entry } from "./yaml-tree.ts";

const forms = "One of `{ env: NAME }`, `{ file: path }`, `{ keyVault: vault, name: secret }`.";

/** All declared secrets, each with its entry's place. */
export const readSecrets = (
  secrets: Entry | undefined,
  source: Source,
  report: Report,
): ReadonlyMap<string, SecretDeclaration> => {
  const declared = new Map<string, SecretDeclaration>();
  for (const entry of entriesOf(secrets, "`secrets`", report)) {
    if (!checkIdentifier(entry, "a secret", limits.identifierLength, report)) continue;
    const found = readSource(entry, report);
    // One without a source is declared all the same, so that references to it are not told too.
    declared.set(entry.key, {
      name: entry.key,
      source: found ?? { kind: "env", variable: "" },
      location: source.locate(entry.keySpan),
    });
  }
  return declared;
};

const readSource = (entry: Entry, report: Report): SecretSource | undefined => {
  const what = `Secret \`${entry.key}\``;
  const { value } = entry;
  if (value.kind !== "map") {
    const written = value.kind === "scalar" && value.value !== null;
    report.error("P0112", written ? value : entry.keySpan, `${what} must say where it comes from.`, {
      hint: written ? `A secret is never written in the file. ${forms}` : forms,
    });
    return undefined;
  }
  const fields = fieldsOf(value, what, ["env", "file", "keyVault", "name"], report);
  const sources = ["env", "file", "keyVault"].filter((key) => fields.has(key));
  const [only] = sources;
  if (only === undefined || sources.length > 1) {
    const count = only === undefined ? "no source" : `${sources.length} sources`;
    report.error("P0112", entry.keySpan, `${what} has ${count}.`, { hint: forms });
    return undefined;
  }
  if (only !== "keyVault" && fields.has("name")) {
    const name = fields.get("name");
    report.error(
      "P0112",
      name?.keySpan ?? entry.keySpan,
      `${what} has a \`name\`, which belongs to \`keyVault\`.`,
      {
        hint: forms,
      },
    );
  }
  const text = (key: string): string | undefined => readText(fields, key, what, report);
  switch (only) {
    case "env": {
      const variable = text("env");
      return variable === undefined ? undefined : { kind: "env", variable };
    }
    case "file": {
      const path = text("file");
      return path === undefined ? undefined : { kind: "file", path };
    }
    default: {
      if (!fields.has("name")) {
        report.error("P0112", entry.keySpan, `${what} needs the \`name\` it has in the key vault.`, {
          hint: forms,
        });
        return undefined;
      }
      const [vault, name] = [text("keyVault"), text("name")];
      return vault === undefined || name === undefined ? undefined : { kind: "key-vault", vault, name };
    }
  }
};

const readText = (fields: Fields, key: string, what: string, report: Report): string | undefined => {
  const entry = fields.get(key);
  const text = entry && asText(entry.value, `\`${key}\` of ${what.toLowerCase()}`, report);
  if (!entry || text === undefined) return undefined;
  if (text === "")
    report.error("P0112", entry.value, `\`${key}\` of ${what.toLowerCase()} is empty.`, { hint: forms });
  else if (hasExpression(text))
    report.error("P0214", entry.value, `\`${key}\` of ${what.toLowerCase()} cannot be an expression.`, {
      hint: "Where secrets come from is fixed.",
    });
  else return text;
  return undefined;
};

/** The credentials, each a whole-value reference to a declared secret. */
export const readCredentials = (
  credentials: Entry | undefined,
  context: CheckContext,
): ReadonlyMap<"cloudflare" | "github", Template> => {
  const { report } = context;
  const read = new Map<"cloudflare" | "github", Template>();
  const map = credentials && asMap(credentials.value, "`credentials`", report);
  const fields = map && fieldsOf(map, "`credentials`", ["cloudflare", "github"], report);
  for (const client of ["cloudflare", "github"] as const) {
    const entry = fields?.get(client);
    if (!entry) continue;
    const before = report.errors;
    const typed =
      entry.value.kind === "scalar"
        ? typedScalar(entry.value, context, { reads: "everything", name: "`credentials`" })
        : undefined;
    if (report.errors > before) continue;
    const template = typed?.template;
    const base = template?.kind === "expression" ? chainOf(template.tree).base : undefined;
    if (template && base instanceof ContextAccess && base.name.lexeme === "secrets")
      read.set(client, template);
    else
      report.error("P0113", entry.value, `The credential of ${client} must be a reference to a secret.`, {
        hint: `Write \`\${{ secrets.name }}\`, and declare the secret under \`secrets\`.`,
      });
  }
  return read;
};
