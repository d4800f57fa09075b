import { expect, test } from "vitest";
import { knownHostsOf } from "../../../src/clients/git/known-hosts.ts";
import { sshFingerprint } from "../../../src/clients/git/ssh-key.ts";

test("GitHub's host keys have the fingerprints that GitHub publishes", () => {
  const lines = knownHostsOf("github.com")?.trimEnd().split("\n") ?? [];
  expect(lines.map((line) => sshFingerprint(line.split(" ").slice(1).join(" ")))).toEqual([
    "SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU",
    "SHA256:p2QAMXNIC1TJYWeIOttrVc98/R1BUFWu3/LiyKgUfQM",
    "SHA256:uNiVztksCsDhcc0u9e8BujQXVUpKZIDTMczCvj3tD2s",
  ]);
});

test("the keys of other hosts have to be given", () => {
  expect(knownHostsOf("git.example.com")).toBeUndefined();
});
