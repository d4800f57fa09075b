/** The package.json of what is shipped. */
import { expect, test } from "vitest";
import { bundleManifest, publishedManifest, readProduct } from "../../../scripts/release/product.ts";

const manifest = JSON.stringify({
  name: "aks-provision",
  version: "1.2.3",
  license: "MIT",
  private: true,
  type: "module",
  bin: { provision: "dist/provision.js" },
  scripts: { prepare: "node scripts/build.ts" },
  devDependencies: { zod: "1.0.0" },
  allowScripts: { esbuild: true },
  repository: "github:aks-provision/provision",
});

test("what is published has nothing that only the checkout needs, and may be published", () => {
  expect(publishedManifest(manifest)).toEqual({
    name: "aks-provision",
    version: "1.2.3",
    license: "MIT",
    type: "module",
    bin: { provision: "dist/provision.js" },
    repository: "github:aks-provision/provision",
  });
});

test("bundles that npm does not install are modules, too", () => {
  const product = readProduct(manifest);
  expect(product).toMatchObject({
    slug: "aks-provision/provision",
    repository: "https://github.com/aks-provision/provision",
  });
  expect(bundleManifest(product)).toMatchObject({ type: "module", private: true, version: "1.2.3" });
});

test("a version is three numbers, as a task of Azure Pipelines has it", () => {
  expect(() => readProduct(manifest.replace("1.2.3", "1.2.3-beta.1"))).toThrow("major.minor.patch");
});
