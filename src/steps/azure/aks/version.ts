/** Kubernetes versions as AKS takes them: a minor (`1.35`, the newest patch) or an exact one (`1.35.4`). Pure. */
import type { Datum, Effect } from "../../../step/step.ts";

interface Version {
  readonly minor: number;
  readonly patch?: number | undefined;
}

const parsed = (text: Datum | undefined): Version | undefined => {
  const match = typeof text === "string" ? /^1\.(\d+)(?:\.(\d+))?$/.exec(text) : null;
  if (!match) return undefined;
  return { minor: Number(match[1]), patch: match[2] === undefined ? undefined : Number(match[2]) };
};

/** A minor is met by any of its patches; an exact version also by a newer patch, which an upgrade channel brings. */
export const meetsVersion = (desired: Datum | undefined, actual: Datum | undefined): boolean => {
  const wanted = parsed(desired);
  const found = parsed(actual);
  if (!wanted || !found) return desired === actual;
  return wanted.minor === found.minor && (wanted.patch ?? 0) <= (found.patch ?? 0);
};

/** Up by one minor drains nodes; anything else is refused by AKS. */
export const upgradeEffect = (desired: Datum | undefined, actual: Datum | undefined): Effect => {
  const wanted = parsed(desired);
  const found = parsed(actual);
  if (!wanted || !found) return "disrupt";
  const step = wanted.minor - found.minor;
  return step === 0 || step === 1 ? "disrupt" : "refuse";
};

export const upgradeReason =
  "Kubernetes goes up one minor at a time and never down: set `kubernetesVersion` to the minor after the one that runs, run `up`, then go on";
