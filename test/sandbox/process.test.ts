import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { reset, start, status, stop } from "../../src/sandbox/process.ts";
import { temporaryFolder } from "./open.ts";

const entry = fileURLToPath(new URL("../../src/sandbox/main.ts", import.meta.url));

const openFolder = async (): Promise<string> => {
  const folder = await temporaryFolder();
  onTestFinished(async () => {
    await stop(folder);
  });
  return folder;
};

test("two starts at once give one server, which answers until it is stopped", async () => {
  const folder = await openFolder();
  const [first, second] = await Promise.all([start(folder, { entry }), start(folder, { entry })]);
  expect(second.pid).toBe(first.pid);
  expect((await status(folder))?.url).toBe(first.url);
  expect(first.environment()).toMatchObject({ PROVISION_AZURE_ENDPOINT: first.url });
  expect(await stop(folder)).toBe(true);
  expect(await status(folder)).toBeUndefined();
  expect(await stop(folder)).toBe(false);
}, 30_000);

test("what a killed process left behind does not keep the next from starting, on the same port", async () => {
  const folder = await openFolder();
  const killed = await start(folder, { entry });
  process.kill(killed.pid, "SIGKILL");
  await writeFile(join(folder, "sandbox.lock"), String(killed.pid));
  const next = await start(folder, { entry });
  expect(next.pid).not.toBe(killed.pid);
  expect(next.url).toBe(killed.url);
  await reset(folder);
  expect(await status(folder)).toBeUndefined();
}, 30_000);

test("a sandbox that cannot start says why", async () => {
  const folder = await openFolder();
  await expect(start(folder, { entry: join(folder, "missing.js") })).rejects.toThrow("Cannot find module");
}, 30_000);
