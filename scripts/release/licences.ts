/** THIRD-PARTY-LICENSES: the licence texts of the packages inside bundles, which most licences want to go along. Pure. */
import type { BundledPackage } from "./bundled.ts";

const rule = "=".repeat(80);

/** @throws where a package brings no text: what to do then is a person's decision. */
export const thirdPartyLicences = (packages: readonly BundledPackage[]): string => {
  const without = packages.filter(({ texts }) => Object.keys(texts).length === 0);
  if (without.length > 0)
    throw new Error(`No licence text comes with ${without.map(({ place }) => place).join(", ")}`);
  const begin =
    "The files in dist/ contain code of the packages below, under the licences that follow each name.\n";
  const parts = packages.map(({ name, version, licence, texts }) => {
    const all = Object.values(texts).map((text) => text.replaceAll("\r\n", "\n").trim());
    return [rule, `${name} ${version} (${licence})`, rule, "", all.join("\n\n"), ""].join("\n");
  });
  return [begin, ...parts].join("\n");
};
