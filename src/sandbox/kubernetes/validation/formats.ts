/** What names, labels and ports look like, and what is said of those that look otherwise (`util/validation`). */

const label = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
const subdomain = `${label}(\\.${label})*`;
const qualified = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";

interface Format {
  readonly pattern: string;
  /** Letters at most. */
  readonly length: number;
  readonly unit: "characters" | "bytes";
  readonly text: string;
  readonly examples: readonly string[];
}

const formats = {
  label: {
    pattern: label,
    length: 63,
    unit: "characters",
    text: "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character",
    examples: ["my-name", "123-abc"],
  },
  subdomain: {
    pattern: subdomain,
    length: 253,
    unit: "characters",
    text: "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character",
    examples: ["example.com"],
  },
  serviceName: {
    pattern: "[a-z]([-a-z0-9]*[a-z0-9])?",
    length: 63,
    unit: "characters",
    text: "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character",
    examples: ["my-name", "abc-123"],
  },
  labelValue: {
    pattern: `(${qualified})?`,
    length: 63,
    unit: "bytes",
    text: "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
    examples: ["MyValue", "my_value", "12345"],
  },
  configKey: {
    pattern: "[-._a-zA-Z0-9]+",
    length: 253,
    unit: "characters",
    text: "a valid config key must consist of alphanumeric characters, '-', '_' or '.'",
    examples: ["key.name", "KEY_NAME", "key-name"],
  },
  namePart: {
    pattern: qualified,
    length: 63,
    unit: "bytes",
    text: "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
    examples: ["MyName", "my.name", "123-abc"],
  },
} as const satisfies Readonly<Record<string, Format>>;

/** What is wrong with a text as one of the formats: nothing, or sentences. */
export const formatErrors = (name: keyof typeof formats, value: string): string[] => {
  const { pattern, length, unit, text, examples }: Format = formats[name];
  const shown = examples.map((example) => `'${example}'`).join(",  or ");
  return [
    ...(value.length > length ? [`must be no more than ${length} ${unit}`] : []),
    ...(new RegExp(`^${pattern}$`).test(value)
      ? []
      : [`${text} (e.g. ${shown}, regex used for validation is '${pattern}')`]),
  ];
};

/** Keys of labels and annotations, and finalizers: `example.com/name`, or a name alone. */
export const qualifiedNameErrors = (value: string): string[] => {
  const parts = value.split("/");
  const name = parts.at(-1) ?? "";
  const prefix = parts.length === 2 ? (parts[0] ?? "") : undefined;
  const ofPrefix =
    prefix === undefined
      ? []
      : prefix === ""
        ? ["prefix part must be non-empty"]
        : formatErrors("subdomain", prefix).map((error) => `prefix part ${error}`);
  return [
    ...ofPrefix,
    ...(name === "" ? ["name part must be non-empty"] : []),
    ...formatErrors("namePart", name).map((error) => `name part ${error}`),
  ];
};

export const portErrors = (value: number): string[] =>
  value >= 1 && value <= 65_535 ? [] : ["must be between 1 and 65535, inclusive"];

/** Names of container ports. */
export const portNameErrors = (value: string): string[] => [
  ...(value.length > 15 ? ["must be no more than 15 characters"] : []),
  ...(/^[-a-z0-9]+$/.test(value)
    ? []
    : ["must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)"]),
  ...(/[a-z]/.test(value) ? [] : ["must contain at least one letter (a-z)"]),
  ...(value.includes("--") ? ["must not contain consecutive hyphens"] : []),
  ...(/^-|-$/.test(value) ? ["must not begin or end with a hyphen"] : []),
];

export const environmentNameErrors = (value: string): string[] =>
  /^[ -<>-~]+$/.test(value)
    ? []
    : ["a valid environment variable name must consist only of printable ASCII characters other than '='"];
