import { expect, test } from "vitest";
import { parseHelmVersion } from "../../../src/clients/helm/version.ts";

test.each([
  ["v4.2.3", 4],
  ["v3.21.4\n", 3],
  ["v3.13.0", 3],
  ["v4.0.0-rc.1", 4],
  ["v3.18", 3],
])("%s is a Helm to work with", (output, major) => {
  expect(parseHelmVersion(output, "/usr/bin/helm").major).toBe(major);
});

test.each(["v3.12.9", "v2.16.1", "v5.0.0"])("%s is refused with its version and its path", (output) => {
  expect(() => parseHelmVersion(output, "/usr/bin/helm")).toThrow(`Helm ${output} at /usr/bin/helm`);
});

test("a program that is no Helm is told from one that is too old", () => {
  expect(() => parseHelmVersion("unknown option --template", "/usr/bin/helm")).toThrow("is no Helm");
});
