/** `down` removes the folder of a testbed, and nothing that only happens to be named. */
import { access, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { down } from "./standing.ts";

const folder = async (): Promise<string> => {
  const path = await mkdtemp(join(tmpdir(), "provision-standing-"));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
};

test("a folder with files of somebody else is left as it is, and the message names it", async () => {
  const directory = await folder();
  await writeFile(join(directory, "thesis.txt"), "years of work");
  await expect(down(directory)).rejects.toMatchObject({
    kind: "rejected",
    code: "TestbedFolder",
    message: expect.stringContaining(directory),
  });
  expect(await readdir(directory)).toEqual(["thesis.txt"]);
});

test("what a killed testbed left is removed; an empty or missing folder is no mistake", async () => {
  const directory = await folder();
  await writeFile(join(directory, "testbed.log"), "");
  await writeFile(join(directory, "etcd.log"), "");
  expect(await down(directory)).toBe(false);
  await expect(access(directory)).rejects.toThrow("ENOENT");
  expect(await down(directory)).toBe(false);
  expect(await down(await folder())).toBe(false);
});
