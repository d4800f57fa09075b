/** What an address of git's `origin` tells: the host where CI runs, and the repository. */
import { expect, test } from "vitest";
import { readRemote } from "../../../../src/hosts/cli/init/remote.ts";

test.for([
  "https://github.com/octo/net.work.git",
  "https://github.com/octo/net.work",
  "https://github.com/octo/net.work/",
  "git@github.com:octo/net.work.git",
  "ssh://git@github.com/octo/net.work.git",
  "https://someone:secret@github.com/octo/net.work.git",
])("%s is a repository on GitHub", (url) => {
  expect(readRemote(url)).toEqual({ host: "github", repository: "octo/net.work" });
});

test.for([
  "https://octo@dev.azure.com/octo/project/_git/net",
  "git@ssh.dev.azure.com:v3/octo/project/net",
  "https://octo.visualstudio.com/project/_git/net",
])("%s is Azure Repos", (url) => {
  expect(readRemote(url)).toEqual({ host: "azure-pipelines" });
});

test.for([
  undefined,
  "",
  "https://gitlab.com/octo/net.git",
  "https://notgithub.com/octo/net",
  "/srv/git/net.git",
])("%s tells nothing", (url) => {
  expect(readRemote(url)).toBeUndefined();
});
