/** The Kubernetes versions that the sandbox's AKS offers, as in November 2026. */

export interface KubernetesMinor {
  /** `1.35` */
  readonly version: string;
  /** Patches, oldest first. */
  readonly patches: readonly string[];
  readonly isDefault: boolean;
  readonly isPreview: boolean;
}

const minors: readonly KubernetesMinor[] = [
  { version: "1.34", patches: ["1.34.6", "1.34.8"], isDefault: false, isPreview: false },
  { version: "1.35", patches: ["1.35.2", "1.35.4"], isDefault: true, isPreview: false },
  { version: "1.36", patches: ["1.36.1", "1.36.3"], isDefault: false, isPreview: false },
  { version: "1.37", patches: ["1.37.0"], isDefault: false, isPreview: true },
];

export const allMinors = (): readonly KubernetesMinor[] => minors;

const minorOf = (version: string): string => version.split(".").slice(0, 2).join(".");

/** The patch that `1.35` (its latest) or `1.35.4` stands for; undefined where AKS does not offer it. */
export const resolveVersion = (version: string): string | undefined => {
  const minor = minors.find((entry) => entry.version === minorOf(version));
  if (!minor) return undefined;
  return version === minor.version ? minor.patches.at(-1) : minor.patches.find((patch) => patch === version);
};

export const defaultVersion = (): string =>
  minors.find((minor) => minor.isDefault)?.patches.at(-1) ?? "1.35.4";

const numbers = (version: string): readonly number[] => version.split(".").map(Number);

/** Negative where `a` is the older one. */
export const compareVersions = (a: string, b: string): number => {
  const left = numbers(a);
  const right = numbers(b);
  for (let index = 0; index < 3; index++) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
};

/** Versions that a cluster of `version` may be upgraded to: later patches, and the next minor's. */
export const upgradesOf = (version: string): readonly string[] => {
  const [major = 0, minor = 0] = numbers(version);
  const reachable = [`${major}.${minor}`, `${major}.${minor + 1}`];
  return minors
    .filter((entry) => reachable.includes(entry.version))
    .flatMap((entry) => entry.patches)
    .filter((patch) => compareVersions(patch, version) > 0);
};

export const minorsApart = (older: string, newer: string): number =>
  (numbers(newer)[1] ?? 0) - (numbers(older)[1] ?? 0);

export const isPreview = (version: string): boolean =>
  minors.find((minor) => minor.version === minorOf(version))?.isPreview ?? false;
