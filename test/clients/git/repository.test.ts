import { expect, test } from "vitest";
import { parseRepository } from "../../../src/clients/git/repository.ts";

test.each([
  "git@github.com:acme/config.git",
  "git@github.com:acme/config",
  "ssh://git@github.com/acme/config.git",
  "ssh://github.com/acme/config",
  "https://github.com/acme/config.git",
  "https://github.com/acme/config/",
  "https://user:token@GitHub.com/acme/config",
  "acme/config",
])("%s is the repository acme/config on GitHub", (text) => {
  expect(parseRepository(text)).toEqual({
    host: "github.com",
    path: "acme/config",
    ssh: "ssh://git@github.com/acme/config",
    github: { owner: "acme", name: "config" },
  });
});

test.each([
  ["ssh://git@git.example.com:2222/team/sub/config.git", "ssh://git@git.example.com:2222/team/sub/config"],
  ["deploy@git.example.com:config.git", "ssh://deploy@git.example.com/config"],
  ["https://gitlab.com/team/sub/config", "ssh://git@gitlab.com/team/sub/config"],
])("%s is somewhere else", (text, ssh) => {
  expect(parseRepository(text)).toMatchObject({ ssh, github: undefined });
});

test.each(["", "config", "ftp://example.com/x", "https://github.com", "a b"])(
  "%j is no repository",
  (text) => {
    expect(parseRepository(text)).toBeUndefined();
  },
);
