import { inspect } from "node:util";
import { expect, test } from "vitest";
import { Secret, watchSecrets } from "../../src/step/secret.ts";

test("a secret prints as stars, whatever prints it", () => {
  const secret = new Secret("opensesame", "TOKEN");
  expect([`${secret}`, JSON.stringify({ secret }), inspect(secret), String(secret)]).toEqual([
    "***",
    '{"secret":"***"}',
    "***",
    "***",
  ]);
});

test("who watches is told of every secret before anybody can use it, until it stops", () => {
  const told: string[] = [];
  const stop = watchSecrets((secret) => told.push(`${secret.origin}=${secret.reveal()}`));
  new Secret("one", "A");
  stop();
  new Secret("two", "B");
  expect(told).toEqual(["A=one"]);
});

test("a secret that is secret only in parts names them; any other is one part", () => {
  expect(new Secret("token", "A").revealParts()).toEqual(["token"]);
  expect(new Secret("kind: Config\ntoken: abcdef", "A", ["abcdef"]).revealParts()).toEqual(["abcdef"]);
});
