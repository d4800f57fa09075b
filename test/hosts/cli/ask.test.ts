/** A question at a terminal: its answer, and what comes of none. */
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { askOn } from "../../../src/hosts/cli/ask.ts";

const terminal = () => {
  const [input, output] = [new PassThrough(), new PassThrough()];
  return { input, output, ask: askOn(input, output) };
};

test("questions are answered one after the other, each by its line", async () => {
  const { input, output, ask } = terminal();
  const first = ask("Which?\n  1  a\n  2  b\nNumber: ");
  input.write("2\n");
  expect(await first).toBe("2");
  const second = ask("Name: ");
  input.write(" shop \n");
  expect(await second).toBe(" shop ");
  output.end();
  expect(await text(output)).toBe("Which?\n  1  a\n  2  b\nNumber: Name: ");
});

test("where the input ends instead, the command is cancelled", async () => {
  const { input, ask } = terminal();
  const answer = ask("Name: ");
  input.end();
  await expect(answer).rejects.toMatchObject({ kind: "cancelled", code: "P0520" });
});
