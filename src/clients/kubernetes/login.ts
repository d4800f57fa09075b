/** Turns a kubeconfig's entry into a Login: where to connect to, and with which certificates and headers. */
import { readFile } from "node:fs/promises";
import { Secret } from "../../step/secret.ts";
import { runExecPlugin } from "./exec-plugin.ts";
import { type KubeconfigEntry, writeKubeconfig } from "./kubeconfig.ts";

export interface Login {
  /** URL of the API server; may hold a path. */
  readonly server: string;
  readonly tls: {
    readonly ca?: string | Buffer | undefined;
    readonly cert?: string | Buffer | undefined;
    readonly key?: string | Buffer | undefined;
    readonly servername?: string | undefined;
    readonly rejectUnauthorized: boolean;
  };
  /** From the kubeconfig; wins over HTTPS_PROXY. */
  readonly proxy?: string | undefined;
  /** Value of the `Authorization` header. */
  readonly authorization?: string | undefined;
  /** When it ends, in milliseconds since the epoch. */
  readonly expires?: number | undefined;
  /** Whether logging in again may give another credential. */
  readonly renewable: boolean;
  readonly kubeconfig: Secret;
}

const fileOrData = async (
  file: string | undefined,
  data: string | undefined,
): Promise<Buffer | undefined> => {
  if (data !== undefined) return Buffer.from(data, "base64");
  return file === undefined ? undefined : await readFile(file);
};

/** Each is a Secret as soon as it is there, so that a CI host masks it before it is used. */
const masked = (text: string, origin: string): string => new Secret(text, `login of ${origin}`).reveal();

const bearer = (token: string, origin: string): string => `Bearer ${masked(token.trim(), origin)}`;

/** Reads the files and runs the exec plugin that the entry names. Data wins over files, as in kubectl. */
export const logIn = async (
  entry: KubeconfigEntry,
  origin: string,
  variables: Readonly<Record<string, string | undefined>>,
): Promise<Login> => {
  const { cluster, user } = entry;
  const base = {
    server: cluster.server,
    proxy: cluster["proxy-url"],
    kubeconfig: writeKubeconfig(entry, origin),
  };
  const tls = {
    ca: await fileOrData(cluster["certificate-authority"], cluster["certificate-authority-data"]),
    cert: await fileOrData(user["client-certificate"], user["client-certificate-data"]),
    key: await fileOrData(user["client-key"], user["client-key-data"]),
    servername: cluster["tls-server-name"],
    rejectUnauthorized: cluster["insecure-skip-tls-verify"] !== true,
  };
  if (user.token !== undefined)
    return { ...base, tls, authorization: bearer(user.token, origin), renewable: false };
  if (user.tokenFile !== undefined) {
    const token = await readFile(user.tokenFile, "utf8");
    return { ...base, tls, authorization: bearer(token, origin), renewable: true };
  }
  if (user.username !== undefined) {
    const password = masked(user.password ?? "", origin);
    const basic = Buffer.from(`${user.username}:${password}`).toString("base64");
    return { ...base, tls, authorization: `Basic ${basic}`, renewable: false };
  }
  if (user.exec) {
    const credential = await runExecPlugin(user.exec, cluster, variables);
    const key = credential.key === undefined ? tls.key : masked(credential.key, origin);
    return {
      ...base,
      tls: { ...tls, cert: credential.certificate ?? tls.cert, key },
      authorization: credential.token === undefined ? undefined : bearer(credential.token, origin),
      expires: credential.expires,
      renewable: true,
    };
  }
  return { ...base, tls, renewable: false };
};
