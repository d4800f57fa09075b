/** What to do about a failure, in the words of a workflow, where the command line's would mislead. */
import type { Failure } from "../../step/failure.ts";
import { type HostWords, hintIn } from "../ci/hints.ts";
import type { Change } from "./event.ts";

const words: HostWords = {
  fork: "A pull request from a fork gets no login and no secrets: plan it with `offline: true`, as in `offline: ${{ github.event.pull_request.head.repo.fork }}`.",
  login:
    "Set the inputs `azure-client-id` and `azure-tenant-id`, and give the job `permissions: id-token: write`.",
  lacking: ["P0803"],
  byCode: {
    P0420:
      "Hand it to the step in its `env:`, as in `CLOUDFLARE_API_TOKEN: ${{ secrets.CLOUDFLARE_API_TOKEN }}`; `offline: true` needs no secret.",
    P0421:
      "Set the input `azure-subscription-id`, as in `azure-subscription-id: ${{ vars.AZURE_SUBSCRIPTION_ID }}`; `offline: true` and `sandbox: true` need none.",
    P0430:
      "The input `pipeline` names it, from `working-directory`; `actions/checkout` comes before this step.",
    P0441: "Nothing was changed, and no half-written file is left; choose another place with `plan-file`.",
    P0442: "Make one with `command: plan` and `plan-file`, and bring it here with `actions/upload-artifact`.",
    P0805: "Set the input `azure-subscription-id` to one that the login can see.",
  },
};

/** Undefined where the failure's own hint is right as it is. */
export const hintOnGithub = (
  failure: Pick<Failure, "code" | "kind" | "hint">,
  change: Change,
): string | undefined => hintIn(words, failure, change.fork);
