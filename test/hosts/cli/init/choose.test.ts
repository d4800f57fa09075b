/** What git's remote tells is offered to a person, and taken where nobody can be asked. */
import { resolve } from "node:path";
import { expect, test } from "vitest";
import { parseArguments } from "../../../../src/hosts/cli/arguments.ts";
import { init } from "../../../../src/hosts/cli/commands/init.ts";
import { choose } from "../../../../src/hosts/cli/init/choose.ts";
import { readRemote } from "../../../../src/hosts/cli/init/remote.ts";
import { shippedPipelines } from "../../../../src/hosts/cli/init/shipped-pipelines.ts";
import { realMachine } from "../../../../src/hosts/machine.ts";
import { person } from "./person.ts";

const choosing = async (words: readonly string[], origin: string) => ({
  given: parseArguments(init, words),
  ask: undefined,
  shipped: await shippedPipelines(
    resolve(import.meta.dirname, "../../../../pipelines"),
    realMachine({}, "/").readText,
  ),
  remote: readRemote(origin),
  columns: 80,
});

test("empty answers take what the remote tells", async () => {
  const typed = person("static-ip", "", "", "");
  const { ci } = await choose({ ...(await choosing([], "git@github.com:octo/net.git")), ask: typed.ask });
  expect(typed.asked.slice(2)).toEqual([
    expect.stringMatching(/ \[github\]: $/),
    "Repository on GitHub [octo/net]: ",
  ]);
  expect(ci).toMatchObject({ host: "github", repository: "octo/net" });
});

test("without a terminal the repository is the remote's, unless a flag names another", async () => {
  const words = ["--pipeline", "static-ip", "--ci", "github"];
  const origin = "https://github.com/octo/net";
  expect((await choose(await choosing(words, origin))).ci).toMatchObject({ repository: "octo/net" });
  const named = await choose(await choosing([...words, "--repository", "a/b"], origin));
  expect(named.ci).toMatchObject({ repository: "a/b" });
});

test("a repository may be given by its address, as a browser shows it", async () => {
  const words = ["--pipeline", "static-ip", "--ci", "github", "--repository", "https://github.com/a/b"];
  expect((await choose(await choosing(words, ""))).ci).toMatchObject({ repository: "a/b" });
});

test("a remote whose name would do harm in a workflow is not offered", async () => {
  const words = ["--pipeline", "static-ip", "--ci", "github"];
  await expect(choosing(words, "https://github.com/octo/n'||true").then(choose)).rejects.toMatchObject({
    code: "P0440",
  });
});

test("a list of pipelines fits the terminal, one line each", async () => {
  const typed = person("static-ip", "", "none");
  await choose({ ...(await choosing([], "")), ask: typed.ask });
  const lines = typed.asked[0]?.split("\n") ?? [];
  expect(lines.filter((line) => line.length > 80)).toEqual([]);
});
