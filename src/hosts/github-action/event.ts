/** What the event that started the workflow says of the change that is being built. */
import { z } from "zod";

export interface Change {
  /** Its commit lies in another repository than the workflow, or in one that is gone: code of a stranger. */
  readonly fork: boolean;
  readonly pullRequest: number | undefined;
}

const repository = z.object({ full_name: z.string() }).nullish();
const side = z.object({ repo: repository }).nullish();

/** https://docs.github.com/webhooks/webhook-events-and-payloads: `head.repo` is null once the fork is deleted. */
const payload = z.object({
  pull_request: z.object({ number: z.number(), head: side, base: side }).nullish(),
  workflow_run: z.object({ head_repository: repository }).nullish(),
  issue: z.object({ pull_request: z.looseObject({}).nullish() }).nullish(),
  repository,
});

const isOther = (head: z.output<typeof repository>, base: z.output<typeof repository>): boolean =>
  !head || !base || head.full_name.toLowerCase() !== base.full_name.toLowerCase();

/**
 * `text`: of GITHUB_EVENT_PATH, undefined where it can't be read. A pull request that says nothing of where it comes from
 * counts as a fork's: so does one that a comment is written on, for its payload has no more than its number.
 */
export const readChange = (event: string | undefined, text: string | undefined): Change => {
  const unknown: Change = {
    fork: /^(pull_request|workflow_run|issue_comment)/.test(event ?? ""),
    pullRequest: undefined,
  };
  if (text === undefined) return unknown;
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    return unknown;
  }
  const parsed = payload.safeParse(data);
  if (!parsed.success) return unknown;
  const { pull_request: request, workflow_run: run, issue } = parsed.data;
  if (request) return { fork: isOther(request.head?.repo, request.base?.repo), pullRequest: request.number };
  if (run) return { fork: isOther(run.head_repository, parsed.data.repository), pullRequest: undefined };
  if (issue) return { fork: Boolean(issue.pull_request), pullRequest: undefined };
  return unknown;
};
