/**
 * What is released: the same bytes from the same commit, whole, and nothing of the machine that it was built on. One
 * release in earnest and one dry run, in different folders and surroundings.
 */
import { mkdir, mkdtemp, readFile, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { filesIn } from "../../scripts/release/stage.ts";
import { readZip } from "../../scripts/release/zip.ts";
import { version } from "../../src/hosts/version.ts";
import { expectCycloneDx, readCycloneDx } from "../scripts/release/cyclonedx.ts";
import { root } from "./command.ts";
import { type Checkouts, type Ended, openCheckouts, planted, planWith } from "./release-checkout.ts";

const tarball = `aks-provision-${version}.tgz`;
const extension = `aks-provision.provision-${version}.vsix`;

let checkouts: Checkouts;
let inEarnest: Ended;
let dry: Ended;
/** The release in earnest, and its archives unpacked beside it. */
let out: string;
let unpacked: { readonly tarball: string; readonly extension: string };

beforeAll(async () => {
  checkouts = await openCheckouts();
  const { first, second, folder } = checkouts;
  inEarnest = await first.release([], { TZ: "UTC", LC_ALL: "C" });
  const temporary = join(folder, "tmp");
  await mkdir(temporary);
  const elsewhere = { TZ: "Asia/Tokyo", LC_ALL: "de_DE.UTF-8", TMPDIR: temporary };
  dry = await second.release(["--dry-run", "--out", join(folder, "dry")], elsewhere, "077");
  expect([inEarnest.stderr, inEarnest.exitCode, dry.stderr, dry.exitCode]).toEqual(["", 0, "", 0]);

  out = join(first.folder, "release");
  unpacked = { tarball: join(folder, "tarball"), extension: join(folder, "extension") };
  await mkdir(unpacked.tarball);
  await execa("tar", ["-xzf", join(out, tarball), "-C", unpacked.tarball]);
  for (const [name, content] of readZip(await readFile(join(out, extension)))) {
    await mkdir(dirname(join(unpacked.extension, name)), { recursive: true });
    await writeFile(join(unpacked.extension, name), content);
  }
});
afterAll(() => checkouts[Symbol.asyncDispose]());

const json = async (...path: readonly string[]): Promise<unknown> =>
  JSON.parse(await readFile(join(...path), "utf8"));

test("two builds of a commit are the same bytes", async () => {
  const other = join(checkouts.folder, "dry");
  const files = await filesIn(out);
  expect(files).toEqual(expect.arrayContaining([tarball, extension, "action/action.yml", "SHA256SUMS"]));
  expect(await filesIn(other)).toEqual(files);
  const different: string[] = [];
  for (const file of files)
    if (!(await readFile(join(out, file))).equals(await readFile(join(other, file)))) different.push(file);
  expect(different).toEqual([]);
});

test("sha256sum accepts the checksums, which are of every file, and finds a byte that was flipped", async () => {
  const check = () =>
    execa("sha256sum", ["--check", "--quiet", "SHA256SUMS"], {
      cwd: out,
      env: { LC_ALL: "C" },
      reject: false,
    });
  const sums = await readFile(join(out, "SHA256SUMS"), "utf8");
  const named = sums
    .trimEnd()
    .split("\n")
    .map((line) => line.replace(/^[0-9a-f]{64} {2}/, ""));
  expect(named).toEqual((await filesIn(out)).filter((file) => file !== "SHA256SUMS"));
  expect(await check()).toMatchObject({ exitCode: 0, stdout: "" });

  const bytes = await readFile(join(out, tarball));
  const at = Math.floor(bytes.length / 2);
  const flip = async () => {
    bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
    await writeFile(join(out, tarball), bytes);
  };
  await flip();
  expect(await check()).toMatchObject({ exitCode: 1, stdout: `${tarball}: FAILED` });
  await flip();
  expect(await check()).toMatchObject({ exitCode: 0 });
});

const commitOf = ({ stdout }: Ended): string => /provision@([0-9a-f]{40})$/m.exec(stdout)?.[1] ?? "none";

test("the action's commit holds the action's folder, on top of the source, and the package names it", async () => {
  const { first, second } = checkouts;
  const commit = commitOf(inEarnest);
  expect(commitOf(dry)).toBe(commit);
  const tree = await first.git("-c", "core.quotePath=false", "ls-tree", "-r", "--name-only", commit);
  expect(tree.stdout.split("\n").sort()).toEqual(await filesIn(join(out, "action")));
  expect((await first.git("rev-parse", `${commit}^`)).stdout).toBe(
    (await first.git("rev-parse", "HEAD")).stdout,
  );
  const bundles = join(unpacked.tarball, "package", "dist");
  const texts = await Promise.all(
    (await filesIn(bundles)).map((file) => readFile(join(bundles, file), "utf8")),
  );
  expect(texts.join("")).toContain(`aks-provision/provision@${commit}`);
  // Nothing is pushed or pointed at, and a dry run keeps nothing.
  expect((await first.git("tag", "--list")).stdout).toBe("");
  expect(inEarnest.stdout).toContain(`git tag -a v${version} -m v${version} ${commit}`);
  expect(await second.git("cat-file", "-e", commit)).not.toMatchObject({ exitCode: 0 });
  expect((await second.git("status", "--porcelain")).stdout).toBe("");
});

test("what people read at the version's tag is there, and so is what it points to", async () => {
  const action = join(out, "action");
  const files = new Set(await filesIn(action));
  const broken: string[] = [];
  for (const file of [...files].filter((name) => name.endsWith(".md"))) {
    const text = (await readFile(join(action, file), "utf8")).replace(/`[^`\n]*`/g, "");
    for (const [, target = ""] of text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)) {
      const path = join(dirname(file), target);
      if (![...files].some((name) => name === path || name.startsWith(`${path}/`)))
        broken.push(`${file}: ${target}`);
    }
  }
  expect(broken).toEqual([]);
});

test("the action starts where its own action.yml says, and plans", async () => {
  const text = await readFile(join(out, "action", "action.yml"), "utf8");
  const main = /^ {2}main: (.*)$/m.exec(text)?.[1] ?? "none";
  const { stdout, exitCode } = await planWith(join(out, "action", main), checkouts.folder, {
    RUNNER_TEMP: checkouts.folder,
  });
  expect(stdout).toContain("azure/public-ip");
  expect(exitCode).toBe(0);
});

const taskSchema = z.object({
  name: z.string(),
  version: z.object({ Major: z.number(), Minor: z.number(), Patch: z.number() }),
  execution: z.record(z.string(), z.object({ target: z.string() })),
});
const contributionsSchema = z.object({
  contributions: z.array(z.object({ type: z.string(), properties: z.object({ name: z.string() }) })),
});

test("the extension has a task where it says, of this version, and the agent can start it", async () => {
  const { contributions } = contributionsSchema.parse(
    await json(unpacked.extension, "extension.vsomanifest"),
  );
  const [contribution] = contributions;
  expect(contribution?.type).toBe("ms.vss-distributed-task.task");
  const folder = join(unpacked.extension, contribution?.properties.name ?? "none");
  const task = taskSchema.parse(await json(folder, "task.json"));
  expect(Object.values(task.version).join(".")).toBe(version);
  expect(Object.keys(task.execution)).toEqual(["Node24"]);
  expect(await readFile(join(unpacked.extension, "extension.vsixmanifest"), "utf8")).toContain(
    `Id="provision" Publisher="aks-provision" Version="${version}"`,
  );
  for (const { target } of Object.values(task.execution)) {
    const { stdout } = await planWith(join(folder, target), checkouts.folder, {
      AGENT_TEMPDIRECTORY: checkouts.folder,
    });
    expect(stdout).toContain("azure/public-ip");
    expect(stdout).toContain("##vso[task.complete result=Succeeded");
  }
});

test("the package installs without a network, and works", async () => {
  const home = await mkdtemp(join(checkouts.folder, "home-"));
  const env = { HOME: home };
  const words = ["install", "--offline", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", home];
  await execa("npm", [...words, join(out, tarball)], { cwd: home, env });
  const provision = join(home, "node_modules", ".bin", "provision");
  const pipelines = join(home, "node_modules", "aks-provision", "pipelines");
  expect((await execa(provision, ["--version"], { env })).stdout).toContain(version);
  const { stdout } = await execa(provision, ["plan", "--offline", join(pipelines, "static-ip.yaml")], {
    env,
  });
  expect(stdout).toContain("azure/public-ip");
});

const parts = () => ({
  action: join(out, "action"),
  extension: join(unpacked.extension, "task"),
  tarball: join(unpacked.tarball, "package"),
});

test("each has an SBOM of what is inside it, as CycloneDX and npm have it, and the licences of all of that", async () => {
  const { stdout } = await execa("npm", ["sbom", "--sbom-format", "cyclonedx"], { cwd: root });
  const known = readCycloneDx(JSON.parse(stdout)).components;
  const digests = new Map(known.map(({ purl, hashes }) => [purl, hashes]));
  for (const folder of Object.values(parts())) {
    const document = await json(folder, "sbom.cdx.json");
    expectCycloneDx(document);
    const { components, dependencies } = readCycloneDx(document);
    expect(components.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["zod", "yaml", "@azure/identity"]),
    );
    for (const { purl, hashes } of components) {
      const digest = digests.get(purl);
      // Where another package brings a copy along, npm lists that one, and knows no digest of it.
      expect([purl, hashes]).toEqual([purl, digest?.length === 0 ? hashes : digest]);
    }
    // All of them are reached from the artefact.
    const reached = new Set(dependencies.flatMap(({ dependsOn }) => dependsOn));
    expect(components.map((one) => one["bom-ref"]).filter((one) => !reached.has(one))).toEqual([]);
    const licences = await readFile(join(folder, "THIRD-PARTY-LICENSES"), "utf8");
    for (const { name, version: of } of components) expect(licences).toContain(`\n${name} ${of} (`);
    expect(await readFile(join(folder, "LICENSE"), "utf8")).toContain("MIT License");
  }
  for (const [archive, folder] of [
    [tarball, parts().tarball],
    [extension, parts().extension],
  ] as const)
    expect(await json(out, `${archive}.cdx.json`)).toEqual(await json(folder, "sbom.cdx.json"));
});

test("nothing in them is of this machine: no path, no secret, no map to its sources", async () => {
  const home = homedir();
  const traces = [
    ...Object.values(planted),
    checkouts.folder,
    join(tmpdir(), "provision-"),
    root,
    // Chart values name /root/.ssh, which is a pod's.
    ...(home === "/root" ? [join(home, ".npm"), join(home, ".cache")] : [home]),
    "sourceMappingURL",
  ];
  const found: string[] = [];
  for (const folder of [...Object.values(parts()), unpacked.extension])
    for (const file of await filesIn(folder)) {
      const text = await readFile(join(folder, file), "latin1");
      for (const trace of traces) if (text.includes(trace)) found.push(`${file}: ${trace}`);
      if (/-----BEGIN [A-Z ]*PRIVATE KEY-----\s*[\w+/]{40}|\bgh[pousr]_\w{36}|\bnpm_\w{36}/.test(text))
        found.push(`${file}: a key`);
      if (file.endsWith(".map")) found.push(file);
    }
  expect(found).toEqual([]);
});

test("a changed work tree is not released, nor a folder overwritten that holds something else", async () => {
  const { second, folder } = checkouts;
  await writeFile(join(second.folder, "src", "new.ts"), "");
  const refused = await second.release([]);
  expect(refused.exitCode).toBe(1);
  expect(refused.stderr).toContain("?? src/new.ts");
  const other = await second.release(["--dry-run", "--out", folder]);
  expect(other.exitCode).toBe(1);
  expect(other.stderr).toContain("holds other things than a release");
});
