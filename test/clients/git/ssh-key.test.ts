import { execFileSync, spawnSync } from "node:child_process";
import { createPrivateKey, createPublicKey } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { generateSshKeyPair, sameKey, sshFingerprint, sshKeyPair } from "../../../src/clients/git/ssh-key.ts";

/** RFC 8032, section 7.1, test 1. */
const seed = Buffer.from("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60", "hex");
const publicBytes = Buffer.from("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "hex");

const hasKeygen = spawnSync("ssh-keygen", ["-?"]).error === undefined;
const withKeyFile = <Result>(privateKey: string, use: (path: string) => Result): Result => {
  const folder = mkdtempSync(join(tmpdir(), "provision-test-"));
  try {
    const path = join(folder, "identity");
    writeFileSync(path, privateKey, { mode: 0o600 });
    return use(path);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

test("the format is OpenSSH's, byte for byte", () => {
  const pair = sshKeyPair(seed, publicBytes, "provision", 1);
  expect(pair.publicKey).toBe(
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAINdamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea provision",
  );
  const lines = pair.privateKey.reveal().split("\n");
  expect(lines[0]).toBe("-----BEGIN OPENSSH PRIVATE KEY-----");
  expect(lines.at(-2)).toBe("-----END OPENSSH PRIVATE KEY-----");
  expect(lines.at(-1)).toBe("");
  const bytes = Buffer.from(lines.slice(1, -2).join(""), "base64");
  expect(bytes.subarray(0, 15).toString()).toBe("openssh-key-v1\0");
  // After the magic, `none`, `none`, no options, one key and its public half comes the padded private part.
  const start = 15 + 8 + 8 + 4 + 4 + 4 + 51;
  const length = bytes.readUInt32BE(start);
  expect(bytes.length).toBe(start + 4 + length);
  expect(length % 8).toBe(0);
  expect(bytes.includes(Buffer.concat([seed, publicBytes]))).toBe(true);
});

test.skipIf(!hasKeygen).each(["", "a", "provision aks/demo/key", "seven77", "eight888"])(
  "ssh-keygen reads the private key and finds the same public one (comment %j)",
  (comment) => {
    const pair = generateSshKeyPair(comment);
    const read = withKeyFile(pair.privateKey.reveal(), (path) =>
      execFileSync("ssh-keygen", ["-y", "-f", path], { encoding: "utf8" }),
    );
    expect(read.trim()).toBe(pair.publicKey);
  },
);

test.skipIf(!hasKeygen)("the fingerprint is ssh-keygen's", () => {
  const pair = generateSshKeyPair("x");
  const shown = withKeyFile(pair.publicKey, (path) =>
    execFileSync("ssh-keygen", ["-lf", path], { encoding: "utf8" }),
  );
  expect(shown.split(" ")[1]).toBe(sshFingerprint(pair.publicKey));
});

test("the two halves belong together, and no two pairs are alike", () => {
  const one = generateSshKeyPair("x");
  const bytes = Buffer.from(one.publicKey.split(" ")[1] ?? "", "base64").subarray(-32);
  const blob = Buffer.from(one.privateKey.reveal().split("\n").slice(1, -2).join(""), "base64");
  const at = blob.lastIndexOf(bytes);
  const privateKey = createPrivateKey({
    key: {
      kty: "OKP",
      crv: "Ed25519",
      d: blob.subarray(at - 32, at).toString("base64url"),
      x: bytes.toString("base64url"),
    },
    format: "jwk",
  });
  expect(createPublicKey(privateKey).export({ format: "jwk" }).x).toBe(bytes.toString("base64url"));
  expect(generateSshKeyPair("x").publicKey).not.toBe(one.publicKey);
});

test("a private key prints as stars", () => {
  expect(JSON.stringify(generateSshKeyPair("x"))).not.toContain("OPENSSH");
});

test("keys are the same whatever their comments", () => {
  expect(sameKey("ssh-ed25519 AAAA one", "ssh-ed25519 AAAA\n")).toBe(true);
  expect(sameKey("ssh-ed25519 AAAA", "ssh-ed25519 BBBB")).toBe(false);
  expect(sshFingerprint("")).toBeUndefined();
});
