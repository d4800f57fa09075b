/** The five questions of `provision init`, each answered by its flag or by a person. */
import type { InputDeclaration, Pipeline } from "../../../language/pipeline.ts";
import { cut } from "../../../reporters/style.ts";
import type { Scalar } from "../../../step/shape.ts";
import { usageFailure } from "../../usage.ts";
import type { Given } from "../command.ts";
import { ownAction } from "../release.ts";
import { type Choices, type ContinuousIntegration, formats, type HostName, hosts } from "./choices.ts";
import { environmentInputs, givenInputs, readInput, requiredInputs } from "./inputs.ts";
import { type Answer, type Ask, answered, chosen, formatted, oneOf } from "./questions.ts";
import { type Remote, readRemote } from "./remote.ts";
import { checked, type ShippedPipeline } from "./shipped-pipelines.ts";

export interface Choosing {
  readonly given: Given;
  readonly ask: Ask;
  readonly shipped: readonly ShippedPipeline[];
  readonly remote: Remote | undefined;
  /** Of the terminal, for lists. */
  readonly columns: number;
}

const defaultEnvironments = ["dev", "prod"];

/** Fails with P0440 for what does not fit, and, where nobody can be asked, for all flags that are missing at once. */
export const choose = async (choosing: Choosing): Promise<Choices & { readonly checked: Pipeline }> => {
  const { given, ask, shipped } = choosing;
  contradictions(given);
  if (!ask) refuseMissing(choosing);
  const names = shipped.map(({ name }) => name);
  const name = await chosen(ask, flag(given, "pipeline"), {
    text: `Which pipeline?\n${listed(choosing)}\nPipeline`,
    read: oneOf(names),
  });
  const pipeline = shipped.find((candidate) => candidate.name === name);
  if (!pipeline) throw missing(["--pipeline NAME"], names);
  const declared = checked(pipeline);
  const inputs = await chooseInputs(choosing, declared);
  const environments = await chooseEnvironments(choosing);
  const alone = environments.length === 1;
  return {
    pipeline,
    checked: declared,
    environments: environments.map((environment) => ({
      name: environment,
      inputs: environmentInputs(declared, inputs, environment, { alone }),
    })),
    ci: await chooseHost(choosing),
  };
};

const flag = (given: Given, name: string) => ({ name, value: given.text(name) });

const listed = ({ shipped, columns }: Choosing): string => {
  const width = Math.max(...shipped.map(({ name }) => name.length));
  return shipped
    .map(({ name, gives }, index) => cut(`  ${index + 1}  ${name.padEnd(width)}  ${gives}`, columns))
    .join("\n");
};

/** Flags that mean nothing beside another one's value. */
const contradictions = (given: Given): void => {
  const host = hosts.find((name) => name === given.text("ci"));
  const only = [
    ["repository", "github"],
    ["action", "github"],
    ["service-connection", "azure-pipelines"],
  ] as const;
  for (const [name, goesWith] of only) {
    if (host === undefined || host === goesWith || given.text(name) === undefined) continue;
    throw usageFailure(
      `--${name} goes with --ci ${goesWith}, and not with --ci ${host}`,
      `leave --${name} out`,
    );
  }
};

/** Without a terminal: everything that is missing, in one error. */
const refuseMissing = ({ given, shipped, remote }: Choosing): void => {
  const flags: string[] = [];
  const pipeline = shipped.find(({ name }) => name === given.text("pipeline"));
  if (given.text("pipeline") === undefined) flags.push("--pipeline NAME");
  if (pipeline) {
    const set = new Set(given.list("input").map((word) => word.split("=")[0]));
    for (const { name } of requiredInputs(checked(pipeline)))
      if (!set.has(name)) flags.push(`--input ${name}=VALUE`);
  }
  const host = given.text("ci");
  if (host === undefined) flags.push(`--ci ${hosts.join("|")}`);
  if (host === "github" && given.text("repository") === undefined && remote?.repository === undefined)
    flags.push("--repository OWNER/NAME");
  if (host === "azure-pipelines" && given.text("service-connection") === undefined)
    flags.push("--service-connection NAME");
  if (flags.length > 0)
    throw missing(flags, given.text("pipeline") === undefined ? shipped.map(({ name }) => name) : []);
};

const missing = (flags: readonly string[], pipelines: readonly string[]) =>
  usageFailure(
    `there is no terminal to ask on, and ${flags.length === 1 ? "this is" : "these are"} missing: ${flags.join(", ")}`,
    `${pipelines.length === 0 ? "" : `pipelines: ${pipelines.join(", ")}; `}\`provision init --help\` shows examples`,
  );

const chooseInputs = async (
  { given, ask }: Choosing,
  pipeline: Pipeline,
): Promise<ReadonlyMap<string, Scalar>> => {
  const values = new Map(givenInputs(pipeline, given.list("input")));
  for (const declaration of requiredInputs(pipeline)) {
    if (values.has(declaration.name) || !ask) continue;
    values.set(
      declaration.name,
      await answered(ask, {
        text: inputQuestion(declaration),
        read: (answer) => readInput(pipeline, declaration, answer),
      }),
    );
  }
  return values;
};

const inputQuestion = ({ name, description }: InputDeclaration): string =>
  description === undefined ? name : `${name} (${description})`;

const chooseEnvironments = async ({ given, ask }: Choosing): Promise<readonly string[]> => {
  const flags = given.list("environment");
  const value = flags.length > 0 ? flags.join(",") : undefined;
  const names = await chosen(
    ask,
    { name: "environment", value },
    {
      text: "Environments, with commas between them",
      fallback: defaultEnvironments.join(","),
      read: environmentList,
    },
  );
  return names ?? defaultEnvironments;
};

const environmentList = (answer: string): Answer<readonly string[]> => {
  const names = answer.split(",").map((name) => name.trim());
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) return { wrong: `${twice} is named twice.` };
  const read = formatted(formats.environment, "An environment's name");
  const wrong = names.map(read).find((outcome) => "wrong" in outcome);
  return wrong ?? { value: names };
};

const hostWords: Readonly<Record<HostName, string>> = {
  github: "GitHub Actions",
  "azure-pipelines": "Azure Pipelines",
  none: "no CI: files for the command line alone",
};

const chooseHost = async (choosing: Choosing): Promise<ContinuousIntegration> => {
  const { given, ask, remote } = choosing;
  const lines = hosts.map((name, index) => `  ${index + 1}  ${name.padEnd(15)}  ${hostWords[name]}`);
  const host = await chosen(ask, flag(given, "ci"), {
    text: `Where does CI run?\n${lines.join("\n")}\nCI`,
    // Without a terminal it is never guessed: `refuseMissing` has asked for it.
    fallback: remote?.host,
    read: oneOf(hosts),
  });
  switch (host) {
    case "github":
      return {
        host,
        repository: await login(choosing, "repository", "Repository on GitHub", remote?.repository),
        action: await actionReference(given),
      };
    case "azure-pipelines":
      return {
        host,
        serviceConnection: await login(
          choosing,
          "service-connection",
          "Service connection to Azure, by its name",
          undefined,
        ),
      };
    case "none":
    case undefined:
      return { host: "none" };
  }
};

const login = async (
  { given, ask }: Choosing,
  name: "repository" | "service-connection",
  text: string,
  fallback: string | undefined,
): Promise<string> => {
  const value = await chosen(ask, flag(given, name), {
    text,
    fallback: fallback !== undefined && formats[name].pattern.test(fallback) ? fallback : undefined,
    // A repository's address, as a browser or git has it, names the repository as well.
    read: (answer) => formatted(formats[name], "It")(readRemote(answer)?.repository ?? answer),
  });
  if (value === undefined) throw missing([`--${name} VALUE`], []);
  return value;
};

const actionReference = async (given: Given) => {
  const reference = await chosen(undefined, flag(given, "action"), {
    text: "",
    read: formatted(formats.action, "It"),
  });
  return reference === undefined || reference === ownAction.reference ? ownAction : { reference };
};
