/** Whose code is built: by the payload, and on the safe side where it says nothing. */
import { expect, test } from "vitest";
import { readChange } from "../../../src/hosts/github-action/event.ts";
import { forkPullRequest, goneForkPullRequest, pullRequest, push } from "./payloads.ts";

const workflowRun = (head: string) => ({
  workflow_run: { head_repository: { full_name: head } },
  repository: { full_name: "octo/shop" },
});

test.each([
  ["push", push, { fork: false, pullRequest: undefined }],
  ["pull_request", pullRequest, { fork: false, pullRequest: 7 }],
  ["pull_request", forkPullRequest, { fork: true, pullRequest: 7 }],
  ["pull_request_target", forkPullRequest, { fork: true, pullRequest: 7 }],
  ["pull_request", goneForkPullRequest, { fork: true, pullRequest: 7 }],
  ["workflow_run", workflowRun("octo/shop"), { fork: false, pullRequest: undefined }],
  ["workflow_run", workflowRun("stranger/shop"), { fork: true, pullRequest: undefined }],
  ["issue_comment", { issue: { pull_request: { url: "…" } } }, { fork: true, pullRequest: undefined }],
  ["issue_comment", { issue: { number: 3 } }, { fork: false, pullRequest: undefined }],
  ["schedule", { schedule: "17 3 * * *" }, { fork: false, pullRequest: undefined }],
])("%s, %#", (event, payload, expected) => {
  expect(readChange(event, JSON.stringify(payload))).toEqual(expected);
});

test.each([undefined, "", "{", "[]", '{"pull_request":{"number":"seven"}}'])(
  "a pull request whose payload is %j counts as a fork's",
  (text) => {
    for (const event of ["pull_request", "workflow_run", "issue_comment"])
      expect(readChange(event, text)).toMatchObject({ fork: true });
    expect(readChange("push", text)).toEqual({ fork: false, pullRequest: undefined });
  },
);
