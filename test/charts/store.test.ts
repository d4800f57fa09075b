import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { digestOf } from "../../src/charts/digest.ts";
import { formatIndex } from "../../src/charts/repository-index.ts";
import type { RepositoryChart } from "../../src/charts/source.ts";
import { chartStore, type StoreSettings } from "../../src/charts/store.ts";

const chart: RepositoryChart = {
  kind: "repository",
  repository: "https://charts.example.org",
  name: "demo",
  version: "1.2.3",
};

/** A store in a folder of its own; `published` is what the upstream repository gives. */
const opened = async (settings: Partial<StoreSettings> = {}, published = "upstream package") => {
  const folder = await mkdtemp(join(tmpdir(), "provision-test-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const pulls: string[] = [];
  const notices: string[] = [];
  const upstream = { content: published };
  const store = chartStore({
    directory: folder,
    mirror: undefined,
    cache: join(folder, "cache"),
    sandbox: false,
    program: async () => ({
      pull: async (request) => {
        pulls.push(`${request.chart} ${request.version}`);
        const path = join(request.folder, `${request.chart}-${request.version}.tgz`);
        await writeFile(path, upstream.content);
        return path;
      },
    }),
    ...settings,
  });
  const obtain = (wanted = chart) =>
    store.obtain(wanted, {
      signal: new AbortController().signal,
      notice: (message) => notices.push(message),
    });
  return { folder, store, obtain, pulls, notices, upstream };
};

/** A mirror with one package, whose index holds `digest`. */
const mirrorOf = async (version: string, content: string, digest = digestOf(content)): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), "provision-test-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const file = `demo-${version}.tgz`;
  await writeFile(join(folder, file), content);
  const entry = {
    apiVersion: "v2",
    name: "demo",
    version,
    urls: [file],
    digest: digest.slice("sha256:".length),
  };
  await writeFile(join(folder, "index.yaml"), formatIndex([entry]));
  return folder;
};

test("a chart is fetched once, and its digest is kept in provision.lock", async () => {
  const { folder, obtain, pulls } = await opened();
  expect(await obtain()).toMatchObject({ from: "upstream", digest: digestOf("upstream package") });
  expect(await obtain()).toMatchObject({ from: "cache" });
  expect(pulls).toEqual(["demo 1.2.3"]);
  expect(await readFile(join(folder, "provision.lock"), "utf8")).toContain(
    `  https://charts.example.org/demo:\n    1.2.3: ${digestOf("upstream package")}\n`,
  );
});

test("two steps that want the same chart at the same time fetch it once", async () => {
  const { obtain, pulls } = await opened();
  await Promise.all([obtain(), obtain()]);
  expect(pulls).toHaveLength(1);
});

test("what a repository publishes under the same version later is refused, and not kept", async () => {
  const first = await opened();
  await first.obtain();
  await rm(join(first.folder, "cache"), { recursive: true });
  first.upstream.content = "tampered package";
  await expect(first.obtain()).rejects.toMatchObject({
    code: "P0761",
    message: expect.stringContaining(digestOf("tampered package")),
  });
  expect(await first.store.find(chart)).toBeUndefined();
});

test("a cached chart that is not the locked one is refused too", async () => {
  const { folder, obtain } = await opened();
  const { path } = await obtain();
  await writeFile(path, "changed on disk");
  await expect(obtain()).rejects.toMatchObject({ code: "P0761" });
  expect(await readdir(folder)).toContain("provision.lock");
});

test("the mirror comes first, by its own digest, and writes no lock", async () => {
  const { folder, obtain, pulls } = await opened({ mirror: await mirrorOf("1.2.3", "mirror package") });
  expect(await obtain()).toMatchObject({ from: "mirror", digest: digestOf("mirror package") });
  expect(pulls).toEqual([]);
  expect(await readdir(folder)).not.toContain("provision.lock");
});

test("a package of a mirror that is not what its index says is refused", async () => {
  const { obtain } = await opened({ mirror: await mirrorOf("1.2.3", "flipped", digestOf("whole")) });
  await expect(obtain()).rejects.toMatchObject({ code: "P0762" });
});

test("a mirror with another version is an error that names both", async () => {
  const { obtain, store, pulls } = await opened({ mirror: await mirrorOf("1.0.0", "old") });
  await expect(obtain()).rejects.toMatchObject({
    code: "P0760",
    message: expect.stringMatching(/demo 1\.2\.3 is wanted.*demo 1\.0\.0/),
  });
  expect(pulls).toEqual([]);
  expect(await store.find(chart)).toBeUndefined();
});

test("in the sandbox it is a notice, and that version is taken", async () => {
  const { obtain, notices } = await opened({ sandbox: true, mirror: await mirrorOf("1.0.0", "old") });
  expect(await obtain()).toMatchObject({ from: "mirror", version: "1.0.0" });
  expect(notices).toEqual([expect.stringContaining("demo 1.2.3 is wanted")]);
});

test("a chart that the mirror does not have comes from the repository", async () => {
  const { obtain } = await opened({ mirror: await mirrorOf("1.0.0", "old") });
  expect(await obtain({ ...chart, name: "other" })).toMatchObject({ from: "upstream" });
});

test("looking for a chart fetches and writes nothing", async () => {
  const { folder, store, pulls } = await opened();
  expect(await store.find(chart)).toBeUndefined();
  expect(pulls).toEqual([]);
  expect(await readdir(folder)).toEqual([]);
});

test("a chart folder is taken as it is: its digest follows its files, and no lock is written", async () => {
  const { folder, store, obtain } = await opened();
  const source = { kind: "folder", path: "./charts/mine" } as const;
  await mkdir(join(folder, "charts", "mine", "templates"), { recursive: true });
  await writeFile(join(folder, "charts", "mine", "Chart.yaml"), "name: mine\nversion: 0.1.0\n");
  const first = await store.find(source);
  expect(first).toMatchObject({ from: "folder", name: "mine", version: "0.1.0" });
  await writeFile(join(folder, "charts", "mine", "templates", "a.yaml"), "a: 1\n");
  expect((await store.find(source))?.digest).not.toBe(first?.digest);
  expect(await readdir(folder)).toEqual(["charts"]);
  await expect(obtain({ ...chart })).resolves.toBeDefined();
});

test("a folder without a Chart.yaml is an error that names the file", async () => {
  const { store } = await opened();
  await expect(store.find({ kind: "folder", path: "./nothing" })).rejects.toMatchObject({
    code: "P0765",
    message: expect.stringContaining("Chart.yaml does not exist"),
  });
});

test("a lock that somebody broke is an error, and is not written over", async () => {
  const { folder, obtain } = await opened();
  await writeFile(join(folder, "provision.lock"), "charts: [");
  await expect(obtain()).rejects.toMatchObject({ code: "P0764" });
  expect(await readFile(join(folder, "provision.lock"), "utf8")).toBe("charts: [");
});
