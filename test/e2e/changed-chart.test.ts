/** A chart that its repository publishes anew under the same version: refused by `provision.lock`, nothing changed. */
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { digestOf } from "../../src/charts/digest.ts";
import { bundledTool } from "../../src/clients/helm/bundled.ts";
import { failuresOf, openCommand, root, type TestCommand, written } from "./command.ts";
import { smallCluster } from "./small-cluster.ts";

let command: TestCommand;
let server: Server;
beforeAll(async () => {
  command = await openCommand("chart");
  // A chart repository: its index and its packages, by plain HTTP as `helm repo index` prepares them.
  server = createServer((request, response) => {
    readFile(join(repository(), request.url ?? "")).then(
      (content) => response.end(content),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterAll(async () => {
  server.close();
  server.closeAllConnections();
  await command[Symbol.asyncDispose]();
});

const repository = () => join(command.folder, "repository");
const published = () => join(repository(), "demo-0.1.0.tgz");
const address = () => {
  const bound = server.address();
  return bound && typeof bound === "object" ? `http://127.0.0.1:${bound.port}` : "";
};

/** Publishes version 0.1.0 of the chart `demo` with this entry in its ConfigMap, and gives its digest. */
const publish = async (entry: string): Promise<string> => {
  const chart = join(command.folder, "demo");
  await mkdir(join(chart, "templates"), { recursive: true });
  await mkdir(repository(), { recursive: true });
  await writeFile(join(chart, "Chart.yaml"), "apiVersion: v2\nname: demo\nversion: 0.1.0\n");
  await writeFile(
    join(chart, "templates", "map.yaml"),
    `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: demo }\ndata: { said: ${entry} }\n`,
  );
  const helm = (await bundledTool(root, "helm")) ?? "helm";
  const home = { env: { HOME: command.folder } };
  await execa(helm, ["package", chart, "--destination", repository()], home);
  await execa(helm, ["repo", "index", repository()], home);
  return digestOf(await readFile(published()));
};

test("another package under a version that was locked is refused with both digests, and the old release stays", async () => {
  const chart = `{ repository: "${address()}", name: demo, version: 0.1.0 }`;
  const release = (namespace: string) => `  demo:
    uses: helm/release
    with: { cluster: "\${{ steps.cluster.outputs }}", namespace: ${namespace}, release: demo, chart: ${chart} }
`;
  const file = await command.file("pipeline.yaml", smallCluster("chart", release("web")));
  const first = await publish("first");
  const made = await command.events("up", [file]).ended;
  expect(failuresOf(made.events)).toEqual([]);
  const lock = join(command.folder, "provision.lock");
  const locked = await readFile(lock, "utf8");
  expect(locked).toContain(first);

  const original = await readFile(published());
  const second = await publish("second");
  expect(second).not.toBe(first);
  await rm(join(command.folder, "cache"), { recursive: true });
  // What is there already needs no chart; a second release of it does.
  expect((await command.run(["up", "--sandbox", "--yes", file])).said).toContain("Nothing to do");
  const both = await command.file(
    "pipeline.yaml",
    smallCluster("chart", release("web") + release("more").replace("demo:", "again:")),
  );
  const refused = await command.run(["up", "--sandbox", "--yes", both]);
  expect(refused.said.replaceAll(/\s+/g, " ")).toMatch(
    new RegExp(`✗ P0661 again: [^✗]*digest ${second}, but provision.lock holds ${first}[^✗]*find out why`),
  );
  expect(refused.exitCode).toBe(4);
  // The runner holds to the lock by itself, too.
  const unasked = await command.events("up", ["--skip-preflight", both]).ended;
  expect(failuresOf(unasked.events)).toEqual([
    {
      step: "again",
      failure: expect.objectContaining({
        code: "P0761",
        message: expect.stringMatching(new RegExp(`${second}.*${first}`)),
        hint: expect.stringContaining("provision.lock"),
        resource: `${address()}/demo`,
      }),
    },
  ]);
  expect({ exitCode: unasked.exitCode, written: written(unasked.events) }).toEqual({
    exitCode: 1,
    written: [],
  });
  expect(await readFile(lock, "utf8")).toBe(locked);

  // The repository has what was locked again: the same command goes on.
  await writeFile(published(), original);
  const mended = await command.events("up", [both]).ended;
  expect(written(mended.events)).toEqual(["again create"]);
});
