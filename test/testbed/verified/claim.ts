/**
 * What a test on real programs proves of a step: said where it is proven, as the test's `meta`, and gathered from a run
 * into docs/verified.md. A claim whose test did not pass in that run is not in the table.
 */
import type { manifest } from "../../../src/registry/manifest.generated.ts";
import type { ProgramName } from "../programs.ts";

/** Real parts besides those that the testbed builds, and what stands in for one. */
export type OtherPart =
  /** Of the machine; its version differs. */
  | "git and ssh"
  /** The packages of the SDKs carry the shapes of requests and answers. */
  | "models of Azure's SDK"
  | "types of Cloudflare's SDK"
  /** Answers HTTP01 in the place of nginx's data plane and of cert-manager's solver pod. */
  | "HTTP01 stand-in"
  /** Makes the certificate of nginx's webhook in the place of the chart's Job. */
  | "certgen stand-in"
  /** Runs in the place of the nginx that the controller drives. */
  | "nginx stand-in";

export type Part = ProgramName | OtherPart;

export interface Claim {
  readonly step: keyof typeof manifest & string;
  /** One line, as its users would put it. */
  readonly claim: string;
  readonly by: readonly Part[];
}

declare module "vitest" {
  interface TaskMeta {
    proves?: readonly Claim[];
  }
}

/** The `meta` of a test: `test("…", { meta: proves({ step, claim, by }) }, …)`. */
export const proves = (...claims: readonly Claim[]): { proves: readonly Claim[] } => ({ proves: claims });
