/**
 * A token issuer for CI: identity tokens for any issuer and subject that a test names, signed with a key of the
 * sandbox's own. The sandbox's Entra trusts that key for every issuer; it can't ask the real ones for theirs.
 */
import { randomUUID } from "node:crypto";
import { z } from "zod";
import { createTokenSigner, readPayload } from "../entra/tokens.ts";

export const assertionInput = z.strictObject({
  /** `iss`: GitHub's own by default. */
  issuer: z.url().default("https://token.actions.githubusercontent.com"),
  /** `sub`, as in `repo:owner/name:ref:refs/heads/main`. */
  subject: z.string().min(1),
  /** `aud`. */
  audience: z.string().default("api://AzureADTokenExchange"),
  /** Seconds that it lives, real time; 300 by default, as GitHub's. */
  lifetime: z.number().positive().default(300),
});

export type AssertionInput = z.output<typeof assertionInput>;

const claims = z.looseObject({
  iss: z.string(),
  sub: z.string(),
  aud: z.union([z.string(), z.array(z.string())]),
  exp: z.number(),
});

export type AssertionClaims = z.output<typeof claims>;

export interface Issuer {
  issue(input: AssertionInput): string;
  /** What an assertion says, and whether this issuer has signed it. Undefined for what is no JWT. */
  read(assertion: string): { readonly claims: AssertionClaims; readonly genuine: boolean } | undefined;
  /** As JSON Web Key. */
  readonly publicKey: Record<string, unknown>;
}

/** `key`: a P-256 private key as PKCS 8 PEM. `now`: milliseconds since the epoch. */
export const createIssuer = (key: string, now: () => number): Issuer => {
  const signer = createTokenSigner(key);
  return {
    publicKey: signer.publicKey,
    issue({ issuer, subject, audience, lifetime }) {
      const seconds = Math.floor(now() / 1000);
      return signer.issue({
        jti: randomUUID(),
        iss: issuer,
        sub: subject,
        aud: audience,
        iat: seconds,
        nbf: seconds,
        // Whole seconds as everywhere, so that one of less than a second has ended at once.
        exp: Math.floor(now() / 1000 + lifetime),
      });
    },
    read(assertion) {
      const parsed = claims.safeParse(readPayload(assertion));
      return parsed.success ? { claims: parsed.data, genuine: signer.genuine(assertion) } : undefined;
    },
  };
};
