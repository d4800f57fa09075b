/**
 * The sandbox's own certificate authority and the certificate that its server shows, made once and kept in the
 * sandbox's folder, so that a client which trusts the authority's file keeps trusting it after a restart.
 */
import "./reflect.ts";
import { webcrypto } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as x509 from "@peculiar/x509";
import { isMissing, writeAtomically } from "../files.ts";

export interface Authority {
  /** PEM of the authority: what a client must trust. */
  readonly certificate: string;
  /** PEM of the server's certificate and of its key. */
  readonly server: { readonly certificate: string; readonly key: string };
  /** File with the authority's PEM, for `NODE_EXTRA_CA_CERTS` and `SSL_CERT_FILE`. */
  readonly file: string;
}

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const day = 24 * 3_600_000;
const lifetime = 3650 * day;

const newKeys = async (): Promise<webcrypto.CryptoKeyPair> => {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  if (!("privateKey" in keys)) throw new Error("ECDSA gives a pair of keys");
  return keys;
};

const serial = (): string => Buffer.from(webcrypto.getRandomValues(new Uint8Array(8))).toString("hex");

/** Makes an authority and a server certificate for loopback and the names, both valid for ten years. */
const make = async (now: number, names: readonly string[]): Promise<Omit<Authority, "file">> => {
  x509.cryptoProvider.set(webcrypto);
  const window = { notBefore: new Date(now - day), notAfter: new Date(now + lifetime) };
  const authorityKeys = await newKeys();
  const authority = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serial(),
    name: "CN=provision sandbox",
    ...window,
    signingAlgorithm: algorithm,
    keys: authorityKeys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(authorityKeys.publicKey),
    ],
  });
  const serverKeys = await newKeys();
  const server = await x509.X509CertificateGenerator.create({
    serialNumber: serial(),
    subject: "CN=127.0.0.1",
    issuer: authority.subject,
    ...window,
    signingAlgorithm: algorithm,
    publicKey: serverKeys.publicKey,
    signingKey: authorityKeys.privateKey,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension([
        { type: "ip", value: "127.0.0.1" },
        ...["localhost", ...names].map((value) => ({ type: "dns" as const, value })),
      ]),
      await x509.AuthorityKeyIdentifierExtension.create(authorityKeys.publicKey),
    ],
  });
  const key = await webcrypto.subtle.exportKey("pkcs8", serverKeys.privateKey);
  return {
    certificate: `${authority.toString("pem")}\n`,
    server: {
      certificate: `${server.toString("pem")}\n`,
      key: `${x509.PemConverter.encode(key, "PRIVATE KEY")}\n`,
    },
  };
};

/**
 * The authority kept in `directory`, made there first where it is missing or incomplete. The server's certificate is
 * for `127.0.0.1`, `localhost` and the names given.
 */
export const openAuthority = async (
  directory: string,
  now: number,
  names: readonly string[] = [],
): Promise<Authority> => {
  const file = join(directory, "authority.pem");
  const serverFile = join(directory, "server.pem");
  const keyFile = join(directory, "server-key.pem");
  try {
    const [certificate, server, key] = await Promise.all(
      [file, serverFile, keyFile].map((name) => readFile(name, "utf8")),
    );
    if (certificate && server && key) return { certificate, server: { certificate: server, key }, file };
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  const fresh = await make(now, names);
  await writeAtomically(file, fresh.certificate);
  await writeAtomically(keyFile, fresh.server.key);
  await writeAtomically(serverFile, fresh.server.certificate);
  return { ...fresh, file };
};
