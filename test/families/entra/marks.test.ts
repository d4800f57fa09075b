import { expect, test } from "vitest";
import { ownerOfTags, pipelineTag, withMarks } from "../../../src/families/entra/marks.ts";

const owner = { pipeline: "bootstrap", instance: "ci=1", step: "application" };

test("marks are read back as they were written, and found by the pipeline's", () => {
  const tags = withMarks(["theirs"], owner, "entra/application");
  expect(ownerOfTags(tags)).toEqual({ owner, type: "entra/application" });
  expect(tags).toContain("theirs");
  expect(tags).toContain(pipelineTag(owner));
});

test("new marks take the place of earlier ones, and nothing else's", () => {
  const before = withMarks(["provision", "theirs"], owner, "entra/application");
  const after = withMarks(before, { ...owner, step: "other" }, "entra/application");
  expect(after).toHaveLength(before.length);
  expect(ownerOfTags(after)?.owner.step).toBe("other");
  expect(after.slice(0, 2)).toEqual(["provision", "theirs"]);
});

test("what lacks a mark is nobody's", () => {
  expect(ownerOfTags([])).toBeUndefined();
  expect(ownerOfTags(withMarks([], owner, "entra/application").slice(1))).toBeUndefined();
});
