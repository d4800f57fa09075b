/** Reads the type declarations of an Azure SDK package: interfaces, their properties, and the values of enumerations. */
export interface Property {
  readonly type: string;
  readonly readOnly: boolean;
  readonly optional: boolean;
}

export interface Declarations {
  /** By the SDK's own spelling; inherited properties are among them. */
  readonly interfaces: ReadonlyMap<string, ReadonlyMap<string, Property>>;
  /** Interfaces that take whatever they do not name. */
  readonly open: ReadonlySet<string>;
  /** What each alias stands for. */
  readonly aliases: ReadonlyMap<string, string>;
  /** Values that the service supports, by the lower-case name of the alias. */
  readonly values: ReadonlyMap<string, readonly string[]>;
  /** What the functions that read an answer give, by the function's name. */
  readonly results: ReadonlyMap<string, string>;
}

const interfacePattern = /^export (?:declare )?interface (\w+)(?: extends ([\w, ]+?))? \{\n([\s\S]*?)^\}/gm;
const propertyPattern = /^ {4}(readonly )?(\w+)(\?)?: (.*?)(;|\{)$/gm;
/** A dictionary over three lines, as the older generator writes it. */
const dictionaryPattern = /: \{\n\s+\[\w+: string\]: ([^;]+);\n\s+\}/g;
const aliasPattern = /^export (?:declare )?type (\w+) = ([^;{]+);/gm;
const enumPattern = /^export declare (?:const )?enum Known(\w+) \{\n([\s\S]*?)^\}/gm;
const resultPattern = /^export declare function (\w+Deserializer)\(item: any\): (\w+);/gm;

/** @param text A declaration file as the generators of Azure's SDKs write it. */
export const readDeclarations = (text: string): Declarations => {
  const own = new Map<string, { parents: readonly string[]; body: string }>();
  const joined = text.replaceAll(dictionaryPattern, ": Record<string, $1>");
  for (const [, name = "", parents = "", body = ""] of joined.matchAll(interfacePattern))
    own.set(name, { parents: parents.split(",").map((parent) => parent.trim()), body });
  const propertiesOf = (name: string): Map<string, Property> => {
    const { parents = [], body = "" } = own.get(name) ?? {};
    const properties = new Map(parents.filter(Boolean).flatMap((parent) => [...propertiesOf(parent)]));
    for (const [, readOnly, key = "", optional, type = "", end] of body.matchAll(propertyPattern))
      properties.set(key, {
        type: end === "{" ? "any" : type,
        readOnly: readOnly !== undefined,
        optional: optional !== undefined,
      });
    return properties;
  };
  return {
    interfaces: new Map([...own.keys()].map((name) => [name, propertiesOf(name)])),
    open: new Set(
      [...own].filter(([, { body }]) => /^ {4}\[\w+: string\]/m.test(body)).map(([name]) => name),
    ),
    aliases: new Map([...text.matchAll(aliasPattern)].map(([, name = "", type = ""]) => [name, type])),
    values: new Map(
      [...text.matchAll(enumPattern)].map(([, name = "", body = ""]) => [
        name.toLowerCase(),
        [...body.matchAll(/ = "([^"]*)"/g)].map(([, value = ""]) => value),
      ]),
    ),
    results: new Map([...text.matchAll(resultPattern)].map(([, name = "", type = ""]) => [name, type])),
  };
};
