/** Which packages are inside bundles: esbuild's own account of them, crossed with what npm has locked and installed. */
import { readdir, readFile } from "node:fs/promises";
import { join, posix } from "node:path";
import type { Metafile } from "esbuild";
import { z } from "zod";

export interface BundledPackage {
  /** Its place in package-lock.json: `node_modules/a/node_modules/b`. */
  readonly place: string;
  readonly name: string;
  readonly version: string;
  /** As its package.json has it: an SPDX identifier or expression. */
  readonly licence: string;
  /** SHA-512 of its tarball, as hex digits. */
  readonly sha512: string;
  /** Places of the bundled packages that it depends on, sorted. */
  readonly dependsOn: readonly string[];
  /** Texts of its licence and notice files, by their names. */
  readonly texts: Readonly<Record<string, string>>;
}

const lockSchema = z.object({
  packages: z.record(
    z.string(),
    z.object({
      version: z.string().optional(),
      integrity: z.string().optional(),
      dependencies: z.record(z.string(), z.string()).optional(),
      peerDependencies: z.record(z.string(), z.string()).optional(),
    }),
  ),
});

export type Lock = z.infer<typeof lockSchema>;

export const parseLock = (text: string): Lock => lockSchema.parse(JSON.parse(text));

const manifestSchema = z.object({ name: z.string(), version: z.string(), license: z.string() });

/** `…/node_modules/@a/b/dist/x.js` → `node_modules/@a/b`; undefined for a file of our own. */
export const placeOf = (path: string): string | undefined =>
  /(?:^|\/)(node_modules\/.*)$/.exec(path)?.[1]?.match(/^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/)?.[0];

/** Places of the packages of which at least a byte is in an output, sorted. */
export const placesIn = (metafile: Pick<Metafile, "outputs">): readonly string[] => {
  const inputs = Object.values(metafile.outputs).flatMap(({ inputs: parts }) => Object.entries(parts));
  const places = inputs.flatMap(([path, { bytesInOutput }]) => (bytesInOutput > 0 ? [placeOf(path)] : []));
  return [...new Set(places)].filter((place) => place !== undefined).sort();
};

/** Where Node finds a package that is imported from the one at `place`: inside it, or beside one of those around it. */
const resolved = (lock: Lock, place: string, name: string): string | undefined =>
  place
    .split("node_modules/")
    .map((_, index, parts) => parts.slice(0, index + 1).join("node_modules/"))
    .map((folder) => posix.join(folder, "node_modules", name))
    .findLast((candidate) => lock.packages[candidate] !== undefined);

/**
 * The packages inside a build's outputs, sorted by place.
 * @throws where what is installed is not what package-lock.json says: what is listed would not be what is shipped.
 */
export const bundledPackages = async (
  root: string,
  metafile: Pick<Metafile, "outputs">,
  lock: Lock,
): Promise<readonly BundledPackage[]> => {
  const places = placesIn(metafile);
  return Promise.all(
    places.map(async (place): Promise<BundledPackage> => {
      const locked = lock.packages[place];
      const installed = manifestSchema.parse(
        JSON.parse(await readFile(join(root, place, "package.json"), "utf8")),
      );
      if (locked?.version !== installed.version || !locked.integrity?.startsWith("sha512-"))
        throw new Error(
          `${place} is ${installed.version}, and package-lock.json has ${locked?.version ?? "none"}: run npm ci`,
        );
      const wanted = Object.keys({ ...locked.dependencies, ...locked.peerDependencies });
      const found = wanted.map((name) => resolved(lock, place, name) ?? "");
      return {
        place,
        name: installed.name,
        version: installed.version,
        licence: installed.license,
        sha512: Buffer.from(locked.integrity.slice("sha512-".length), "base64").toString("hex"),
        dependsOn: [...new Set(found)].filter((one) => places.includes(one)).sort(),
        texts: await licenceTexts(join(root, place)),
      };
    }),
  );
};

const licenceTexts = async (folder: string): Promise<Readonly<Record<string, string>>> => {
  const names = (await readdir(folder)).filter((name) => /^(licen[cs]e|copying|notice)/i.test(name)).sort();
  const texts = names.map(async (name) => [name, await readFile(join(folder, name), "utf8")] as const);
  return Object.fromEntries(await Promise.all(texts));
};
