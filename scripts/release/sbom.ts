/**
 * What is inside an artefact's bundles, as CycloneDX 1.6 (https://cyclonedx.org/docs/1.6/json/). It says neither when
 * it was made nor a number of its own: the same contents give the same text. Pure.
 */
import type { BundledPackage } from "./bundled.ts";

export interface Artefact {
  readonly name: string;
  readonly version: string;
  readonly licence: string;
  /** Package URL, where there is a type for it: https://github.com/package-url/purl-spec. */
  readonly purl?: string;
  /** Address of the repository and the commit that it is made of. */
  readonly repository: string;
  readonly commit: string;
}

const purlOf = ({ name, version }: BundledPackage): string =>
  `pkg:npm/${name.replace(/^@/, "%40")}@${version}`;

/** An SPDX identifier stands alone; anything with a word or a bracket beside it is an expression. */
const licences = (licence: string) =>
  /[\s()]/.test(licence) ? [{ expression: licence }] : [{ license: { id: licence } }];

export const sbom = (artefact: Artefact, packages: readonly BundledPackage[]): object => {
  const own = artefact.purl ?? `${artefact.name}@${artefact.version}`;
  const references = new Map(packages.map((one) => [one.place, `${purlOf(one)}#${one.place}`]));
  const referencesTo = (places: readonly string[]) => places.map((place) => references.get(place) ?? place);
  const needed = new Set(packages.flatMap(({ dependsOn }) => dependsOn));
  return {
    $schema: "http://cyclonedx.org/schema/bom-1.6.schema.json",
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    version: 1,
    metadata: {
      lifecycles: [{ phase: "build" }],
      component: {
        type: "application",
        "bom-ref": own,
        name: artefact.name,
        version: artefact.version,
        licenses: licences(artefact.licence),
        ...(artefact.purl === undefined ? {} : { purl: artefact.purl }),
        externalReferences: [
          { type: "vcs", url: `${artefact.repository}.git`, comment: `commit ${artefact.commit}` },
        ],
      },
    },
    components: packages.map((one) => ({
      type: "library",
      "bom-ref": references.get(one.place) ?? one.place,
      name: one.name,
      version: one.version,
      licenses: licences(one.licence),
      hashes: [{ alg: "SHA-512", content: one.sha512 }],
      purl: purlOf(one),
    })),
    dependencies: [
      {
        ref: own,
        dependsOn: referencesTo(packages.map(({ place }) => place).filter((place) => !needed.has(place))),
      },
      ...packages.map((one) => ({
        ref: references.get(one.place) ?? one.place,
        dependsOn: referencesTo(one.dependsOn),
      })),
    ],
  };
};
