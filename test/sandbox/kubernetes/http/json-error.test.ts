import { expect, test } from "vitest";
import { jsonError } from "../../../../src/sandbox/kubernetes/http/json-error.ts";

test.each([
  ['{"a":', "unexpected end of JSON input"],
  ["", "unexpected end of JSON input"],
  ['{"a":"b', "unexpected end of JSON input"],
  ["kind: Pod", "invalid character 'k' looking for beginning of value"],
  ["{kind: 1}", "invalid character 'k' looking for beginning of object key string"],
  ['{"a" 1}', "invalid character '1' after object key"],
  ['{"a":1 "b":2}', "invalid character '\"' after object key:value pair"],
  ["[1 2]", "invalid character '2' after array element"],
  ["{} x", "invalid character 'x' after top-level value"],
  ["tru}", "invalid character '}' in literal true (expecting 'e')"],
  ['"a\nb"', "invalid character '\\n' in string literal"],
  ['"\\x"', "invalid character 'x' in string escape code"],
  ["-a", "invalid character 'a' in numeric literal"],
])("%s is no JSON, as Go says it", (text, error) => {
  expect(jsonError(text)).toBe(error);
});

test.each(['{"a":[1,-2.5e3,true,null,"\\u00e4"],"b":{}}', " [] ", "null", '"x"'])("%s is JSON", (text) => {
  expect(jsonError(text)).toBeUndefined();
});

test("a text as deep as no reader goes is refused, not followed", () => {
  expect(jsonError("[".repeat(200_000))).toBe("exceeded max depth");
});
