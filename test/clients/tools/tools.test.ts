import { dirname } from "node:path";
import { expect, test } from "vitest";
import { toolsWith } from "../../../src/clients/tools/tools.ts";

test("a program's version is the first number that it prints", async () => {
  const tools = toolsWith({ PATH: dirname(process.execPath) });
  expect(await tools.version("node", "--version")).toBe(process.versions.node);
});

test("a program that is not there has none", async () => {
  expect(await toolsWith({ PATH: "/nowhere" }).version("no-such-program", "--version")).toBeUndefined();
});
