/** What an SBOM says, and that CycloneDX's own schema takes it. */
import { expect, test } from "vitest";
import type { BundledPackage } from "../../../scripts/release/bundled.ts";
import { type Artefact, sbom } from "../../../scripts/release/sbom.ts";
import { expectCycloneDx, readCycloneDx } from "./cyclonedx.ts";

const artefact: Artefact = {
  name: "aks-provision",
  version: "1.2.3",
  licence: "MIT",
  purl: "pkg:npm/aks-provision@1.2.3",
  repository: "https://github.com/aks-provision/provision",
  commit: "0123456789abcdef0123456789abcdef01234567",
};

const bundled = (place: string, dependsOn: readonly string[] = [], licence = "MIT"): BundledPackage => ({
  place,
  name: place.split("node_modules/").at(-1) ?? place,
  version: "4.5.6",
  licence,
  sha512: "ab".repeat(64),
  dependsOn,
  texts: { LICENSE: "As you like." },
});

const packages = [
  bundled("node_modules/@azure/identity", ["node_modules/tslib"]),
  bundled("node_modules/tsyringe", ["node_modules/tsyringe/node_modules/tslib"], "(MIT OR Apache-2.0)"),
  bundled("node_modules/tsyringe/node_modules/tslib", [], "0BSD"),
  bundled("node_modules/tslib", [], "0BSD"),
];

test("it is CycloneDX 1.6", () => {
  expectCycloneDx(sbom(artefact, packages));
  const { purl: _, ...unknown } = artefact;
  expectCycloneDx(sbom({ ...unknown, name: "aks-provision.provision" }, []));
});

test("CycloneDX's schema refuses a licence that SPDX does not know", () => {
  const [first] = packages;
  if (!first) throw new Error("there is no package");
  expect(() => expectCycloneDx(sbom(artefact, [{ ...first, licence: "MTI" }]))).toThrow();
});

test("each package has its package URL and its tarball's digest, and stands below what needs it", () => {
  const { components, dependencies } = readCycloneDx(sbom(artefact, packages));
  expect(components.map(({ purl }) => purl)).toEqual([
    "pkg:npm/%40azure/identity@4.5.6",
    "pkg:npm/tsyringe@4.5.6",
    "pkg:npm/tslib@4.5.6",
    "pkg:npm/tslib@4.5.6",
  ]);
  expect(components.map(({ hashes }) => hashes)).toEqual(
    packages.map(({ sha512 }) => [{ alg: "SHA-512", content: sha512 }]),
  );
  expect(dependencies[0]).toEqual({
    ref: "pkg:npm/aks-provision@1.2.3",
    dependsOn: [
      "pkg:npm/%40azure/identity@4.5.6#node_modules/@azure/identity",
      "pkg:npm/tsyringe@4.5.6#node_modules/tsyringe",
    ],
  });
});

test("of two copies of a package, each is named by its place", () => {
  const { components } = readCycloneDx(sbom(artefact, packages));
  expect(new Set(components.map((one) => one["bom-ref"])).size).toBe(packages.length);
});

test("it holds no time and no number of its own: the same contents give the same text", () => {
  const text = JSON.stringify(sbom(artefact, packages));
  expect(text).not.toMatch(/timestamp|serialNumber/);
  expect(JSON.stringify(sbom(artefact, packages))).toBe(text);
});
