/** Access tokens: JWTs that the sandbox signs and checks. Lifetimes are real time, in seconds. */
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign,
  verify,
} from "node:crypto";
import { z } from "zod";

const claims = z.looseObject({
  aud: z.string(),
  iss: z.string(),
  tid: z.string(),
  oid: z.string(),
  appid: z.string(),
  exp: z.number(),
});

export type Claims = z.infer<typeof claims>;

export type Verdict =
  | { readonly valid: true; readonly claims: Claims }
  | { readonly valid: false; readonly reason: "malformed" | "signature" | "expired" };

export interface TokenSigner {
  issue(claims: Readonly<Record<string, unknown>>): string;
  /** Whether this key has signed the token, whatever it says. */
  genuine(token: string): boolean;
  /** `now` in milliseconds since the epoch. */
  check(token: string, now: number): Verdict;
  /** The public key as JSON Web Key, with `kid`, `use` and `alg`. */
  readonly publicKey: Record<string, unknown>;
}

export const newSigningKey = (): string =>
  generateKeyPairSync("ec", {
    namedCurve: "P-256",
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
    publicKeyEncoding: { type: "spki", format: "pem" },
  }).privateKey;

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");

const decode = (part: string): unknown => {
  try {
    return JSON.parse(Buffer.from(part, "base64url").toString("utf8"));
  } catch {
    return undefined;
  }
};

/** The payload of a JWT of anybody's, without looking at its signature. */
export const readPayload = (token: string): unknown => {
  const parts = token.split(".");
  return parts.length === 3 ? decode(parts[1] ?? "") : undefined;
};

/** `key`: a P-256 private key as PKCS 8 PEM. */
export const createTokenSigner = (key: string): TokenSigner => {
  const privateKey = createPrivateKey(key);
  const publicKey = createPublicKey(privateKey);
  const kid = createHash("sha256")
    .update(publicKey.export({ type: "spki", format: "der" }))
    .digest("base64url");
  const header = encode({ typ: "JWT", alg: "ES256", kid });
  const genuine = (token: string): boolean => {
    const [head, body, signature] = token.split(".");
    if (!head || !body || !signature) return false;
    return verify(
      "sha256",
      Buffer.from(`${head}.${body}`),
      { key: publicKey, dsaEncoding: "ieee-p1363" },
      Buffer.from(signature, "base64url"),
    );
  };
  return {
    genuine,
    publicKey: { ...publicKey.export({ format: "jwk" }), kid, use: "sig", alg: "ES256" },
    issue(content) {
      const text = `${header}.${encode(content)}`;
      const signature = sign("sha256", Buffer.from(text), { key: privateKey, dsaEncoding: "ieee-p1363" });
      return `${text}.${signature.toString("base64url")}`;
    },
    check(token, now) {
      const content = claims.safeParse(readPayload(token));
      if (!content.success) return { valid: false, reason: "malformed" };
      if (!genuine(token)) return { valid: false, reason: "signature" };
      if (content.data.exp * 1000 <= now) return { valid: false, reason: "expired" };
      return { valid: true, claims: content.data };
    },
  };
};
