import fc from "fast-check";
import { expect, test } from "vitest";
import { commentOf, commentPrefix, longestComment, ownerOfComment } from "../../../src/families/dns/marks.ts";

const type = "dns/cloudflare-record";

test("a comment says pipeline, instance, step and type", () => {
  const owner = { pipeline: "aks-nginx", instance: "clu-demo", step: "www" };
  expect(commentOf(owner, type)).toBe("provision aks-nginx/clu-demo/www dns/cloudflare-record");
});

test("the owner is read back, and every comment fits a free plan and begins as its scope's do", () => {
  const name = fc
    .string({ minLength: 1, maxLength: 80, unit: "grapheme" })
    .filter((text) => text.isWellFormed());
  fc.assert(
    fc.property(name, name, name, (pipeline, instance, step) => {
      const owner = { pipeline, instance, step };
      const comment = commentOf(owner, type);
      expect(comment.length).toBeLessThanOrEqual(longestComment);
      expect(comment).toMatch(/^[\x20-\x7e]+$/);
      expect(comment.startsWith(commentPrefix(owner))).toBe(true);
      expect(ownerOfComment(comment, owner)).toEqual({ owner, type });
    }),
  );
});

test("long names that begin alike stay apart", () => {
  const a = { pipeline: "a-very-long-name-of-a-pipeline-1", instance: "demo", step: "www" };
  const b = { ...a, pipeline: "a-very-long-name-of-a-pipeline-2" };
  expect(commentPrefix(a)).not.toBe(commentPrefix(b));
  expect(ownerOfComment(commentOf(b, type), a)?.owner.pipeline).not.toBe(a.pipeline);
});

test("a renamed step's record is still its pipeline's, with the old step's name", () => {
  const old = { pipeline: "aks", instance: "demo", step: "web" };
  expect(ownerOfComment(commentOf(old, type), { ...old, step: "www" })?.owner).toEqual(old);
});

test.each([
  "",
  "managed by terraform",
  "provision aks/demo",
  "provision a/b/c",
  "provision a/b/c/d dns/x",
  "xprovision a/b/c dns/x",
])("%j is nobody's mark", (comment) => {
  expect(ownerOfComment(comment, { pipeline: "aks", instance: "demo" })).toBeUndefined();
});
