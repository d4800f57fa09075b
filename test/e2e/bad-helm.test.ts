/** A Helm that is too old or none, and a chart that can't be had: one message, nothing lost, and then it goes on. */
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, expect, test } from "vitest";
import { bundledTool } from "../../src/clients/helm/bundled.ts";
import { failuresOf, openCommand, root, type TestCommand, written } from "./command.ts";
import { smallCluster } from "./small-cluster.ts";

let command: TestCommand;
beforeEach(async () => {
  command = await openCommand("helm");
});
afterEach(() => command[Symbol.asyncDispose]());

const release = (chart: string) => `  web:
    uses: helm/release
    with: { cluster: "\${{ steps.cluster.outputs }}", namespace: web, release: web, chart: ${chart} }
`;

/** What the program in PROVISION_HELM prints, whatever it is asked. */
const programs: readonly [string, string, RegExp][] = [
  [
    "is too old",
    "echo v3.9.4",
    /✗ P0651 web: Helm v3\.9\.4 at \S+ is not one that provision works with: Helm 4, or Helm 3 from 3\.13\.0/,
  ],
  ["is something else", "echo I like to sail", /✗ P0651 web: \S+ is no Helm: it does not say its version/],
  ["breaks", "exit 127", /✗ P0651 web: \S+ is no Helm: it does not say its version/],
];

test.for(programs)("a Helm that %s is refused before the first write", async ([, script, says]) => {
  const program = await command.file("helm", `#!/bin/sh\n${script}\n`);
  await chmod(program, 0o755);
  const file = await command.file("pipeline.yaml", smallCluster("old", release("./chart")));
  const { said, exitCode } = await command.run(["up", "--sandbox", "--yes", file], {
    PROVISION_HELM: program,
  });
  expect(said.replaceAll(/\s+/g, " ")).toMatch(says);
  expect(said).toMatch(/\n +install Helm 4 \(https/);
  expect(said.match(/P0\d{3}/g)).toEqual(["P0651"]);
  expect(exitCode).toBe(4);
  // A program that reads the events sees a blocker for what it is.
  const told = await command.events("up", [file], { PROVISION_HELM: program }).ended;
  expect(told.events.filter(({ severity }) => severity === "blocker")).toMatchObject([
    { kind: "finding", code: "P0651", steps: ["web"], hint: expect.stringContaining("install Helm 4") },
  ]);
  expect(told.exitCode).toBe(4);
  expect(await command.control("inventory")).toMatchObject({ groups: [] });
});

const listening = async (server: Server, port = 0): Promise<number> => {
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  const bound = server.address();
  if (bound === null || typeof bound === "string") throw new Error("no port");
  return bound.port;
};
const closed = (server: Server) =>
  new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });

test("a repository that is down or has no such chart is told before the first write; then it goes on", async () => {
  const files = join(command.folder, "repository");
  const server = createServer((request, response) => {
    readFile(join(files, request.url ?? "")).then(
      (content) => response.end(content),
      () => response.writeHead(404).end(),
    );
  });
  const port = await listening(server);
  await closed(server);
  const chart = `{ repository: "http://127.0.0.1:${port}", name: web, version: 1.0.0 }`;
  const file = await command.file("pipeline.yaml", smallCluster("chart", release(chart)));
  const fails = async (says: RegExp) => {
    const { said, exitCode } = await command.run(["up", "--sandbox", "--yes", file]);
    const text = said.replaceAll(/\s+/g, " ");
    expect(text).toMatch(
      new RegExp(`✗ P0661 web: chart http://127.0.0.1:${port}/web 1.0.0 can't be had: .*${says.source}`),
    );
    expect(text).toMatch(/check repository, name and version/);
    expect(said.match(/P0\d{3}/g)).toEqual(["P0661"]);
    expect(exitCode).toBe(4);
    expect(await command.control("inventory")).toMatchObject({ groups: [] });
  };
  await fails(/connection refused/);

  // An index without the chart.
  await listening(server, port);
  try {
    await mkdir(join(command.folder, "web", "templates"), { recursive: true });
    await mkdir(files);
    const helm = (await bundledTool(root, "helm")) ?? "helm";
    const run = (words: readonly string[]) => execa(helm, words, { env: { HOME: command.folder } });
    await run(["repo", "index", files]);
    await fails(/not found/);

    await writeFile(join(command.folder, "web", "Chart.yaml"), "apiVersion: v2\nname: web\nversion: 1.0.0\n");
    await run(["package", join(command.folder, "web"), "--destination", files]);
    await run(["repo", "index", files]);
    const made = await command.events("up", [file]).ended;
    expect(failuresOf(made.events)).toEqual([]);
    expect(written(made.events)).toContain("web create");
  } finally {
    await closed(server);
  }
});
