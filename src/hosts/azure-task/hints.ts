/** What to do about a failure, in the words of an Azure pipeline, where the command line's would mislead. */
import type { Failure } from "../../step/failure.ts";

/** Codes of a login, a secret or a subscription that is not there: what a fork's pull request never has. */
const lacking = new Set(["P0420", "P0421", "P0804", "P0805", "P0840", "P0842"]);

const fork =
  "A pull request from a fork gets no service connection and no secrets: plan it with `offline: true`, in a stage of its own with `condition: eq(variables['System.PullRequest.IsFork'], 'True')`.";

const hints: Readonly<Record<string, string>> = {
  P0420:
    "Hand it to the step in its `env:`, as in `CLOUDFLARE_API_TOKEN: $(CLOUDFLARE_API_TOKEN)`; `offline: true` needs no secret.",
  P0421:
    "Set the input `azureSubscription` to a service connection; `offline: true` and `sandbox: true` need none.",
  P0430:
    "The input `pipeline` names it, from the folder of the sources; `- checkout: self` comes before this step.",
  P0433: "Only after it is merged, or in a branch of this repository, are its own steps loaded.",
  P0441: "Nothing was changed, and no half-written file is left; choose another place with `planFile`.",
  P0442:
    "Make one with `command: plan` and `planFile`, keep it with `publish:`, and bring it here with `download: current`.",
  P0520: "Nothing is lost: run the job again, and it goes on from here.",
  P0805: "Choose in `azureSubscription` a connection to it, or set the variable AZURE_SUBSCRIPTION_ID.",
};

const login =
  "Set the input `azureSubscription` to a service connection; `offline: true` and `sandbox: true` need none.";

/** Undefined where the failure's own hint is right as it is. */
export const hintOnAzurePipelines = (
  { code, kind, hint }: Pick<Failure, "code" | "kind" | "hint">,
  fromFork: boolean,
): string | undefined => {
  if (fromFork && (lacking.has(code) || kind === "unauthenticated")) return fork;
  if (kind === "cancelled") return hints.P0520;
  if (kind === "unauthenticated" && hint?.startsWith("No login was found")) return login;
  return hints[code];
};
