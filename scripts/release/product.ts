/** What is released, as package.json says it, and the package.json that each artefact has. Pure. */
import { z } from "zod";

const schema = z.object({
  name: z.string(),
  version: z.string().regex(/^\d+\.\d+\.\d+$/, "a version is major.minor.patch"),
  license: z.string(),
  repository: z.string().regex(/^github:[\w-]+\/[\w.-]+$/, "github:owner/name"),
});

export interface Product {
  readonly name: string;
  readonly version: string;
  readonly licence: string;
  /** `owner/name`. */
  readonly slug: string;
  /** Address of the repository, without a slash at the end. */
  readonly repository: string;
}

export const readProduct = (manifest: string): Product => {
  const { name, version, license, repository } = schema.parse(JSON.parse(manifest));
  const slug = repository.slice("github:".length);
  return { name, version, licence: license, slug, repository: `https://github.com/${slug}` };
};

/** What only the checkout needs. `private` is there so that nothing but a release is published. */
const ofTheCheckout = new Set(["private", "scripts", "devDependencies", "allowScripts"]);

/** package.json as it is published. */
export const publishedManifest = (manifest: string): object =>
  Object.fromEntries(
    Object.entries(z.record(z.string(), z.unknown()).parse(JSON.parse(manifest))).filter(
      ([key]) => !ofTheCheckout.has(key),
    ),
  );

/** Beside bundles that no npm installs: they are modules, which Node reads from the nearest package.json. */
export const bundleManifest = ({ name, version, licence }: Product): object => ({
  name,
  version,
  private: true,
  license: licence,
  type: "module",
});
