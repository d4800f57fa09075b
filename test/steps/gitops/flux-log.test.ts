/** The lines are those of fluxd v1.25.4, on a real cluster with a real git host. */
import { expect, test } from "vitest";
import { judgeLog } from "../../../src/steps/gitops/flux-log.ts";

const followed = { namespace: "fluxcd", release: "flux", branch: "main", readOnly: false };
const start = [
  "flux-1: ts=2026-11-24T11:41:17.494939265Z caller=main.go:259 version=1.25.4",
  'flux-1: ts=2026-11-24T11:41:17.512016993Z caller=loop.go:108 component=sync-loop err="git repo not ready: git repo has not been cloned yet"',
];
const refreshed =
  "ts=2026-11-24T11:42:51.094483312Z caller=loop.go:134 component=sync-loop event=refreshed url=ssh://git@127.0.0.1:43165/config.git branch=main HEAD=c4ea57f1f116001b883de9bdecbc69288e712e6d";
const applied =
  'ts=2026-11-24T11:42:50.565331629Z caller=sync.go:608 method=Sync cmd="kubectl apply -f -" took=180.406959ms err=null output="configmap/from-git created"';
const notReady = (said: string) =>
  `ts=2026-11-24T11:45:49.747126344Z caller=loop.go:108 component=sync-loop err="git repo not ready: ${said}"`;
const lastLines =
  "fatal: Could not read from remote repository.\\n\\nPlease make sure you have the correct access rights\\nand the repository exists.\\n";
const hostKey = notReady(
  `git clone --mirror: fatal: Could not read from remote repository., full output:\\n Cloning into bare repository '/tmp/flux-gitclone2981543195'...\\nHost key verification failed.\\r\\n${lastLines}`,
);
const readOnlyKey = notReady(
  `attempt to push tag: fatal: Could not read from remote repository., full output:\\n ERROR: The key you are authenticating with has been marked as read only.\\n${lastLines}`,
);

test("Flux is ready once it has read the repository, with the commit that it read", () => {
  expect(judgeLog([...start, refreshed, applied], followed)).toEqual({
    ready: true,
    detail: "follows main, at c4ea57f",
  });
});

test("a pod that runs is not enough: Flux says only with its next full apply what is wrong", () => {
  expect(judgeLog(start, followed)).toMatchObject({
    ready: false,
    reason: "it has not read the repository yet",
    worthWaiting: true,
  });
  expect(judgeLog([], followed)).toMatchObject({ ready: false });
});

test.each([
  ["another host key than expected", hostKey, "Host key verification failed"],
  [
    "a key that may only read",
    readOnlyKey,
    "ERROR: The key you are authenticating with has been marked as read only.",
  ],
  [
    "a branch that is not there",
    notReady("configured branch 'main' does not exist"),
    "configured branch 'main' does not exist",
  ],
  ["anything else", notReady('disk \\"x\\" is full'), 'git repo not ready: disk \\"x\\" is full'],
])("%s is told as git tells it", (_, line, said) => {
  expect(judgeLog([...start, line], followed)).toMatchObject({
    ready: false,
    reason: `it has not read the repository yet: ${said}`,
    hint: expect.stringContaining("`git/deploy-key`"),
  });
});

test("a key that may only read, for a Flux that writes, is told where the two are set", () => {
  expect(judgeLog([...start, readOnlyKey], followed)).toMatchObject({
    hint: "set `readOnly: false` on the step `git/deploy-key`, or `readOnly: true` on this one",
  });
});

test("a repository that was read before and no longer can be is told apart", () => {
  expect(judgeLog([...start, refreshed, hostKey], { ...followed, readOnly: true })).toMatchObject({
    ready: false,
    reason: "it can't read the repository any more: Host key verification failed",
    hint: "give the repository the key of step `git/deploy-key`, for reading",
  });
});

test("a log that can't be read is no reason to fail, and is told", () => {
  expect(judgeLog(undefined, followed)).toEqual({
    ready: true,
    detail: "told to follow main; its log, which says more, can't be read",
  });
});
