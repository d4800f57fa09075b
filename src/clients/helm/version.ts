/** Which Helm a program is, and whether it is new enough. */
import { Failure } from "../../step/failure.ts";
import type { HelmVersion } from "./client.ts";

/** The first Helm 3 with labels on releases (`helm upgrade --labels`), which carry our marks. */
export const oldestHelm = "3.13.0";

/** Reads what `helm version --template {{.Version}}` prints. Throws `missing-tool` for one that is too old or new. */
export const parseHelmVersion = (output: string, path: string): HelmVersion => {
  const [, major, minor] = /^v?(\d+)\.(\d+)\b/.exec(output.trim()) ?? [];
  const text = output.trim().split("\n")[0] ?? "";
  if (major === "4") return { major: 4, text };
  if (major === "3" && Number(minor) >= 13) return { major: 3, text };
  throw new Failure({
    kind: "missing-tool",
    code: "P0751",
    message: major
      ? `Helm ${text} at ${path} is not one that provision works with: Helm 4, or Helm 3 from ${oldestHelm} on`
      : `${path} is no Helm: it does not say its version`,
    hint: "install Helm 4 (https://helm.sh/docs/intro/install), or name another one in PROVISION_HELM",
  });
};
