/**
 * Ed25519 key pairs in OpenSSH's own formats. Private keys are written as `openssh-key-v1` (OpenSSH's PROTOCOL.key),
 * because libraries that clients of git use don't all read PKCS #8.
 */
import { createHash, generateKeyPairSync, randomInt } from "node:crypto";
import { Secret } from "../../step/secret.ts";

export interface SshKeyPair {
  /** PEM with `OPENSSH PRIVATE KEY`, without a passphrase. */
  readonly privateKey: Secret;
  /** `ssh-ed25519 AAAA… comment` */
  readonly publicKey: string;
}

const algorithm = "ssh-ed25519";

/** A new pair from the system's own randomness. */
export const generateSshKeyPair = (comment: string): SshKeyPair => {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const { d } = privateKey.export({ format: "jwk" });
  const { x } = publicKey.export({ format: "jwk" });
  return sshKeyPair(
    Buffer.from(d ?? "", "base64url"),
    Buffer.from(x ?? "", "base64url"),
    comment,
    randomInt(2 ** 32),
  );
};

/** @param check any number; reading the key compares its two copies. */
export const sshKeyPair = (seed: Buffer, publicBytes: Buffer, comment: string, check: number): SshKeyPair => {
  const publicBlob = Buffer.concat([lengthPrefixed(algorithm), lengthPrefixed(publicBytes)]);
  const secretPart = Buffer.concat([
    uint32(check),
    uint32(check),
    publicBlob,
    lengthPrefixed(Buffer.concat([seed, publicBytes])),
    lengthPrefixed(comment),
  ]);
  const whole = Buffer.concat([
    Buffer.from("openssh-key-v1\0"),
    lengthPrefixed("none"),
    lengthPrefixed("none"),
    lengthPrefixed(""),
    uint32(1),
    lengthPrefixed(publicBlob),
    lengthPrefixed(padded(secretPart)),
  ]);
  const lines = whole.toString("base64").match(/.{1,70}/g) ?? [];
  const label = "OPENSSH PRIVATE KEY";
  return {
    privateKey: new Secret(
      [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ""].join("\n"),
      "a generated deploy key",
    ),
    publicKey: `${algorithm} ${publicBlob.toString("base64")} ${comment}`.trimEnd(),
  };
};

/** As `ssh-keygen -l` and GitHub show it: `SHA256:…`. Undefined for a text that is no public key. */
export const sshFingerprint = (publicKey: string): string | undefined => {
  const blob = Buffer.from(publicKey.split(/\s+/)[1] ?? "", "base64");
  if (blob.length === 0) return undefined;
  return `SHA256:${createHash("sha256").update(blob).digest("base64").replace(/=+$/, "")}`;
};

/** The same key, whatever its comment. */
export const sameKey = (a: string, b: string): boolean => withoutComment(a) === withoutComment(b);

const withoutComment = (publicKey: string): string => publicKey.trim().split(/\s+/).slice(0, 2).join(" ");

const uint32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};

const lengthPrefixed = (value: string | Buffer): Buffer => {
  const bytes = Buffer.from(value);
  return Buffer.concat([uint32(bytes.length), bytes]);
};

/** To a multiple of 8, the block size of the cipher `none`, with 1, 2, 3 … */
const padded = (bytes: Buffer): Buffer => {
  const missing = (8 - (bytes.length % 8)) % 8;
  return Buffer.concat([bytes, Buffer.from(Array.from({ length: missing }, (_, index) => index + 1))]);
};
