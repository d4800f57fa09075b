/** What to do, in the words of a workflow. */
import { expect, test } from "vitest";
import { hintOnGithub } from "../../../src/hosts/github-action/hints.ts";

const own = { fork: false, pullRequest: undefined };
const fork = { fork: true, pullRequest: 7 };
const failure = (
  code: string,
  kind: "rejected" | "unauthenticated" | "cancelled" = "rejected",
  hint = "",
) => ({
  code,
  kind,
  hint,
});

test.each(["P0420", "P0421", "P0803"])("%s on a fork's pull request: plan offline", (code) => {
  expect(hintOnGithub(failure(code), fork)).toContain(
    "offline: ${{ github.event.pull_request.head.repo.fork }}",
  );
});

test("a login that is missing on a fork is the fork's, whoever refuses it", () => {
  expect(hintOnGithub(failure("AADSTS700213", "unauthenticated"), fork)).toContain("offline");
});

test("a subscription is set by the input", () => {
  expect(hintOnGithub(failure("P0421"), own)).toContain("azure-subscription-id");
});

test("no login at all: which inputs, and which permission", () => {
  const hint = hintOnGithub(failure("x", "unauthenticated", "No login was found: `az login`"), own);
  expect(hint).toContain("azure-client-id");
  expect(hint).toContain("id-token: write");
});

test("who was cancelled is told how to go on", () => {
  expect(hintOnGithub(failure("P0800", "cancelled"), own)).toContain("run the job again");
});

test("all else keeps its own hint", () => {
  expect(hintOnGithub(failure("QuotaExceeded"), own)).toBeUndefined();
});
