/** The options that several commands share, each in one place. */
import type { Option } from "./command.ts";

export const pipelineOptions: readonly Option[] = [
  {
    name: "input",
    kind: "list",
    value: "NAME=VALUE",
    help: "A value for one of the pipeline's inputs. May be repeated.",
  },
  { name: "inputs", kind: "text", value: "FILE", help: "A YAML or JSON file with values for inputs." },
  {
    name: "trust-local-steps",
    kind: "flag",
    help: "Load the pipeline's own step files although this is a fork's pull request.",
  },
];

export const worldOptions: readonly Option[] = [
  {
    name: "subscription",
    kind: "text",
    value: "ID",
    help: "Azure subscription. Default: AZURE_SUBSCRIPTION_ID.",
  },
  {
    name: "azure-endpoint",
    kind: "text",
    value: "URL",
    help: "Resource Manager of another cloud, which announces itself at /metadata/endpoints.",
  },
  { name: "charts", kind: "text", value: "FOLDER", help: "A mirror of charts: a Helm repository on disk." },
  {
    name: "sandbox",
    kind: "flag",
    help: "Run against a cloud of your own on this machine; it is started when needed.",
  },
  {
    name: "kubeconfig",
    kind: "text",
    value: "FILE",
    help: "With --sandbox: a real cluster in the place of the sandbox's own.",
  },
  {
    name: "concurrency",
    kind: "text",
    value: "N",
    help: "Steps that run at the same time, at most. Default: 10.",
  },
];

export const jsonOption: Option = {
  name: "json",
  kind: "flag",
  help: "JSON on stdout: results as one document, progress as one event a line.",
};
export const yesOption: Option = { name: "yes", kind: "flag", help: "Don't ask before changing anything." };
export const helpOption: Option = { name: "help", kind: "flag", help: "Show this help." };
