import { expect, test } from "vitest";
import { formatIndex, parseIndex } from "../../src/charts/repository-index.ts";

const entry = (name: string, version: string) => ({
  apiVersion: "v2",
  name,
  version,
  digest: "ab12",
  urls: [`${name}-${version}.tgz`],
});

test("an index reads back as it was written", () => {
  const entries = [entry("flux", "1.13.2"), entry("flux", "1.13.3"), entry("ingress-nginx", "4.11.0")];
  expect(parseIndex(formatIndex(entries))).toEqual(entries);
});

test("the order in which charts were found does not change the index", () => {
  const entries = [entry("flux", "1.13.3"), entry("cert-manager", "v1.21.2"), entry("flux", "1.13.2")];
  expect(formatIndex(entries)).toBe(formatIndex(entries.toReversed()));
});

test("what is no index is refused", () => {
  expect(() => parseIndex("apiVersion: v2\nentries: {}\n")).toThrow();
});
