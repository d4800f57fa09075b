import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { candidatesOnPath, locateHelm } from "../../../src/clients/helm/locate.ts";

const folderWithHelm = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), "provision-test-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, "helm"), "#!/bin/sh\n", { mode: 0o755 });
  return folder;
};

test("the one that PROVISION_HELM names wins over the PATH", async () => {
  const [named, onPath] = [await folderWithHelm(), await folderWithHelm()];
  const variables = { PROVISION_HELM: join(named, "helm"), PATH: onPath };
  expect(await locateHelm({ variables, root: undefined })).toBe(join(named, "helm"));
});

test("a PROVISION_HELM that can't be run is an error, and nothing else is taken in its place", async () => {
  const variables = { PROVISION_HELM: "/does/not/exist", PATH: await folderWithHelm() };
  await expect(locateHelm({ variables, root: undefined })).rejects.toMatchObject({
    kind: "missing-tool",
    message: expect.stringContaining("/does/not/exist"),
  });
});

test("the first on the PATH is taken", async () => {
  const [first, second] = [await folderWithHelm(), await folderWithHelm()];
  const variables = { PATH: `/does/not/exist:${first}:${second}` };
  expect(await locateHelm({ variables, root: undefined })).toBe(join(first, "helm"));
});

test("without any, the hint says where to get one", async () => {
  await expect(locateHelm({ variables: { PATH: "" }, root: undefined })).rejects.toMatchObject({
    code: "P0750",
    hint: expect.stringContaining("https://helm.sh"),
  });
});

test("a relative PATH entry is left out, for it depends on the folder that one stands in", () => {
  expect(candidatesOnPath({ PATH: "bin:/usr/bin" }, "linux")).toEqual(["/usr/bin/helm"]);
});
