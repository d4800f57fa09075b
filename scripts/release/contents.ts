/** What every artefact holds: bundles, and which packages are inside them with their licences. */
import { join } from "node:path";
import { actionDefine, bundle, type Entry } from "../build/bundle.ts";
import { bundledPackages, type Lock } from "./bundled.ts";
import { thirdPartyLicences } from "./licences.ts";
import type { Product } from "./product.ts";
import { sbom } from "./sbom.ts";
import type { Source } from "./source.ts";
import { copyInto, json, writeInto } from "./stage.ts";

/** What is known before anything is built. */
export interface Release {
  /** Absolute: the checkout. */
  readonly root: string;
  readonly product: Product;
  readonly source: Source;
  /** package.json, as it stands in the checkout. */
  readonly manifest: string;
  readonly lock: Lock;
}

export interface Contents {
  /** Absolute: an empty folder, or none yet. */
  readonly folder: string;
  readonly entries: readonly Entry[];
  /** `owner/name@commit`, where the bundles are to know it. */
  readonly action?: string;
  /** What the SBOM says that this is. */
  readonly as: { readonly name: string; readonly purl?: string };
}

export const sbomFile = "sbom.cdx.json";
export const licencesFile = "THIRD-PARTY-LICENSES";

/** Writes dist/, LICENSE, THIRD-PARTY-LICENSES and the SBOM. */
export const writeContents = async (release: Release, wanted: Contents): Promise<void> => {
  const { root, product, source, lock } = release;
  const metafile = await bundle({
    root,
    into: join(wanted.folder, "dist"),
    entries: wanted.entries,
    define: actionDefine(wanted.action),
  });
  const packages = await bundledPackages(root, metafile, lock);
  const { version, licence, repository } = product;
  await writeInto(wanted.folder, {
    [licencesFile]: thirdPartyLicences(packages),
    [sbomFile]: json(sbom({ ...wanted.as, version, licence, repository, commit: source.commit }, packages)),
  });
  await copyInto(wanted.folder, root, { LICENSE: "LICENSE" });
};
