/** What to do about a failure, in the words of an Azure pipeline, where the command line's would mislead. */
import type { Failure } from "../../step/failure.ts";
import { type HostWords, hintIn } from "../ci/hints.ts";

const words: HostWords = {
  fork: "A pull request from a fork gets no service connection and no secrets: plan it with `offline: true`, in a stage of its own with `condition: eq(variables['System.PullRequest.IsFork'], 'True')`.",
  login:
    "Set the input `azureSubscription` to a service connection; `offline: true` and `sandbox: true` need none.",
  lacking: ["P0840", "P0842"],
  byCode: {
    P0420:
      "Hand it to the step in its `env:`, as in `CLOUDFLARE_API_TOKEN: $(CLOUDFLARE_API_TOKEN)`; `offline: true` needs no secret.",
    P0421:
      "Set the input `azureSubscription` to a service connection; `offline: true` and `sandbox: true` need none.",
    P0430:
      "The input `pipeline` names it, from the folder of the sources; `- checkout: self` comes before this step.",
    P0441: "Nothing was changed, and no half-written file is left; choose another place with `planFile`.",
    P0442:
      "Make one with `command: plan` and `planFile`, keep it with `publish:`, and bring it here with `download: current`.",
    P0805: "Choose in `azureSubscription` a connection to it, or set the variable AZURE_SUBSCRIPTION_ID.",
  },
};

/** Undefined where the failure's own hint is right as it is. */
export const hintOnAzurePipelines = (
  failure: Pick<Failure, "code" | "kind" | "hint">,
  fromFork: boolean,
): string | undefined => hintIn(words, failure, fromFork);
