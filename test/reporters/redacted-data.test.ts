/** Data is cleaned wherever somebody's text is, and stays what reporters switch on and look up. */
import { expect, test } from "vitest";
import { redactedData } from "../../src/reporters/redacted-data.ts";

const clean = (text: string) => text.replaceAll("done", "***");

test("texts of others are cleaned however deep and whatever they are called; the original stays", () => {
  const data = {
    inputs: { kind: "all done", count: 3 },
    outputs: { id: { kind: "value", value: { type: "done", list: ["done", { step: "done" }] } } },
    steps: [{ notes: ["done"], problems: [{ code: "P1", message: "done", hint: undefined }] }],
    evidence: ["well done", null, true],
  };
  expect(redactedData(data, clean)).toEqual({
    inputs: { kind: "all ***", count: 3 },
    outputs: { id: { kind: "value", value: { type: "***", list: ["***", { step: "***" }] } } },
    steps: [{ notes: ["***"], problems: [{ code: "P1", message: "***", hint: undefined }] }],
    evidence: ["well ***", null, true],
  });
  expect(data.evidence[0]).toBe("well done");
});

test("a secret that is one of the product's words, or a step's name, breaks no report", () => {
  const event = { kind: "step-done", action: "done", step: "done", steps: ["done"], detail: "done" };
  expect(redactedData(event, clean)).toEqual({ ...event, detail: "***" });
});
