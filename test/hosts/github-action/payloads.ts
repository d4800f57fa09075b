/** Payloads of events, cut to what is read, in the form of docs.github.com/webhooks/webhook-events-and-payloads. */

const repository = { full_name: "octo/shop", fork: false };

export const push = { ref: "refs/heads/main", repository };

export const pullRequest = {
  action: "synchronize",
  number: 7,
  pull_request: {
    number: 7,
    head: { ref: "topic", repo: { full_name: "octo/shop" } },
    base: { ref: "main", repo: { full_name: "octo/shop" } },
  },
  repository,
};

const from = (repo: { full_name: string } | null) => ({
  ...pullRequest,
  pull_request: { ...pullRequest.pull_request, head: { ref: "topic", repo } },
});

export const forkPullRequest = from({ full_name: "stranger/shop" });
/** The fork was deleted after the pull request was opened. */
export const goneForkPullRequest = from(null);
