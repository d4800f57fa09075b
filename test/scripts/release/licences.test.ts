/** The licence texts that go along with bundles. */
import { expect, test } from "vitest";
import type { BundledPackage } from "../../../scripts/release/bundled.ts";
import { thirdPartyLicences } from "../../../scripts/release/licences.ts";

const bundled = (name: string, texts: Readonly<Record<string, string>>): BundledPackage => ({
  place: `node_modules/${name}`,
  name,
  version: "1.0.0",
  licence: "MIT",
  sha512: "",
  dependsOn: [],
  texts,
});

test("each package's texts stand below its name, all of them", () => {
  const text = thirdPartyLicences([
    bundled("a", { LICENSE: "Take it.\r\nTwice.\r\n", NOTICE: "A is ours." }),
    bundled("b", { COPYING: "Take that." }),
  ]);
  expect(text).toContain("a 1.0.0 (MIT)");
  expect(text).toContain("Take it.\nTwice.\n\nA is ours.\n");
  expect(text.indexOf("b 1.0.0 (MIT)")).toBeLessThan(text.indexOf("Take that."));
});

test("a package without a text is refused", () => {
  expect(() => thirdPartyLicences([bundled("a", {}), bundled("b", { LICENSE: "x" })])).toThrow(
    "No licence text comes with node_modules/a",
  );
});
