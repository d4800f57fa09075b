/** Asks this machine whether the programs that steps start are there, and new enough. */
import { helmProgram } from "../clients/helm/helm.ts";
import { tools } from "../clients/tools/tools.ts";
import { Failure } from "../step/failure.ts";
import type { Finding } from "../step/finding.ts";
import { type Check, type OfKind, ofKind, type PreflightContext, stepsOf } from "./check.ts";

type Tool = OfKind<"tool">["tool"];

/** Each program is asked once, for the newest version that any step wants. */
export const checkTools: Check = async (asked, context) => {
  const groups = Map.groupBy(ofKind(asked, "tool"), ({ tool }) => tool);
  return Promise.all([...groups].map(([tool, group]) => checkTool(tool, group, context)));
};

const checkTool = async (
  tool: Tool,
  asked: readonly OfKind<"tool">[],
  context: PreflightContext,
): Promise<Finding> => {
  const steps = stepsOf(asked);
  let version: string | undefined;
  try {
    version = await versionOf(tool, context);
  } catch (error) {
    if (!(error instanceof Failure) || error.kind !== "missing-tool") throw error;
    return { code: "P0651", severity: severityOf(tool), steps, message: error.message, hint: error.hint };
  }
  if (version === undefined) {
    return {
      code: "P0651",
      severity: severityOf(tool),
      steps,
      message: `${tool} was not found`,
      hint: install[tool],
    };
  }
  const found = version;
  const unmet = asked.filter(({ atLeast }) => compareVersions(found, atLeast) < 0);
  if (unmet.length === 0) {
    return { code: "P0650", severity: "ok", steps, message: `${tool} ${version} is here` };
  }
  const atLeast = unmet.map((each) => each.atLeast).reduce((a, b) => (compareVersions(a, b) >= 0 ? a : b));
  return {
    code: "P0652",
    severity: severityOf(tool),
    steps: stepsOf(unmet),
    message: `${tool} is ${version}, and ${atLeast} or later is needed`,
    hint: install[tool],
  };
};

const versionOf = async (tool: Tool, { use }: PreflightContext): Promise<string | undefined> => {
  switch (tool) {
    case "helm":
      return (await use(helmProgram)).version.text.replace(/^v/, "");
    case "git":
    case "kubelogin":
      return (await use(tools)).version(tool, "--version");
  }
};

/** kubelogin is started by a kubeconfig that a person takes away, never by a run. */
const severityOf = (tool: Tool): Finding["severity"] => (tool === "kubelogin" ? "warning" : "blocker");

const install: Readonly<Record<Tool, string>> = {
  helm: "install Helm 4: https://helm.sh/docs/intro/install",
  git: "install git: https://git-scm.com/downloads",
  kubelogin:
    "install kubelogin, which the cluster's kubeconfig starts: https://azure.github.io/kubelogin/install.html",
};

/** Below 0 where `a` is older. What follows the numbers (`-rc.1`, `+g1b2`) is left out. */
export const compareVersions = (a: string, b: string): number => {
  const numbers = (text: string) => (/\d+(?:\.\d+)*/.exec(text)?.[0] ?? "0").split(".").map(Number);
  const [left, right] = [numbers(a), numbers(b)];
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
};
