/** The package as npm installs it: small, without dependencies, and working with nothing else on the machine. */
import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";

const run = promisify(execFile);
const root = resolve(import.meta.dirname, "../..");
const megabyte = 1024 * 1024;

let folder: string;
let environment: Record<string, string>;

const npm = (words: readonly string[], directory: string) =>
  run("npm", [...words, "--ignore-scripts", "--loglevel=error"], { cwd: directory, env: environment });

const provision = (...words: string[]) =>
  run(join(folder, "node_modules", ".bin", "provision"), words, { cwd: folder, env: environment });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "provision-package-"));
  // Nothing of this machine but its programs: no home, no configuration, no cache. Node is the one that runs this.
  environment = {
    HOME: folder,
    PATH: [dirname(process.execPath), process.env.PATH ?? ""].join(delimiter),
  };
  await npm(["pack", "--pack-destination", folder], root);
  const tarball = (await readdir(folder)).find((name) => name.endsWith(".tgz")) ?? "";
  await npm(
    ["install", "--offline", "--no-audit", "--no-fund", "--prefix", folder, join(folder, tarball)],
    folder,
  );
});

afterAll(() => rm(folder, { recursive: true, force: true }));

const installed = () => join(folder, "node_modules", "aks-provision");

const sizeOf = async (path: string): Promise<number> => {
  const names = await readdir(path, { recursive: true, withFileTypes: true });
  const files = names.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const sizes = await Promise.all(files.map(async (file) => (await stat(file)).size));
  return sizes.reduce((sum, size) => sum + size, 0);
};

test("it takes at most 15 MB, and brings no other package", async () => {
  expect(await sizeOf(join(folder, "node_modules"))).toBeLessThanOrEqual(15 * megabyte);
  expect((await readdir(join(folder, "node_modules"))).filter((name) => !name.startsWith("."))).toEqual([
    "aks-provision",
  ]);
});

test("it says its version", async () => {
  const text = await readFile(join(root, "package.json"), "utf8");
  const { version } = z.object({ version: z.string() }).parse(JSON.parse(text));
  expect((await provision("--version")).stdout).toContain(version);
});

test("it finds the pipelines that come with it valid", async () => {
  const pipelines = join(installed(), "pipelines");
  const files = (await readdir(pipelines)).filter((name) => name.endsWith(".yaml"));
  expect(files).not.toEqual([]);
  for (const file of files) await provision("validate", join(pipelines, file));
});

test("it plans without a network, credentials or charts", async () => {
  const file = join(installed(), "pipelines", "aks-nginx-flux.yaml");
  const { stdout } = await provision("plan", "--offline", file, "--input", "domain=example.com");
  expect(stdout).toContain("azure/aks-cluster");
});

test("it brings all that `init` writes from", async () => {
  const host = ["--ci", "github", "--repository", "octo/net"];
  const { stdout } = await provision("init", "--pipeline", "static-ip", ...host);
  expect(stdout).toContain("+ .github/workflows/provision.yml");
  const plan = await provision("plan", "--offline", "--inputs", "environments/prod.yaml");
  expect(plan.stdout).toContain("rg-demo-prod");
});
