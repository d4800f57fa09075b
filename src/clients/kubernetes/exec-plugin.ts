/**
 * Runs the program that a kubeconfig names for its login (kubelogin, aws, gke-gcloud-auth-plugin) and reads the
 * credential that it prints. Protocol: https://kubernetes.io/docs/reference/config-api/client-authentication.v1/
 */
import { execa } from "execa";
import { z } from "zod";
import { Failure } from "../../step/failure.ts";
import type { ExecPlugin, KubeconfigCluster } from "./kubeconfig.ts";

const credentialSchema = z.looseObject({
  kind: z.literal("ExecCredential"),
  status: z.looseObject({
    token: z.string().optional(),
    clientCertificateData: z.string().optional(),
    clientKeyData: z.string().optional(),
    expirationTimestamp: z.string().optional(),
  }),
});

/** What a plugin gave: a bearer token or a client certificate (PEM), and until when, in ms since the epoch. */
export interface ExecCredential {
  readonly token?: string | undefined;
  readonly certificate?: string | undefined;
  readonly key?: string | undefined;
  readonly expires?: number | undefined;
}

const clusterInfo = (cluster: KubeconfigCluster) => ({
  server: cluster.server,
  "tls-server-name": cluster["tls-server-name"],
  "insecure-skip-tls-verify": cluster["insecure-skip-tls-verify"],
  "certificate-authority-data": cluster["certificate-authority-data"],
  "proxy-url": cluster["proxy-url"],
});

/**
 * @throws Failure `missing-tool` where the program is not on this machine, `unauthenticated` where it fails or
 * prints something else. What it prints to its standard output never reaches an error.
 */
export const runExecPlugin = async (
  plugin: ExecPlugin,
  cluster: KubeconfigCluster,
  variables: Readonly<Record<string, string | undefined>>,
): Promise<ExecCredential> => {
  const info = {
    apiVersion: plugin.apiVersion,
    kind: "ExecCredential",
    spec: {
      interactive: false,
      ...(plugin.provideClusterInfo === true && { cluster: clusterInfo(cluster) }),
    },
  };
  const result = await execa(plugin.command, plugin.args ?? [], {
    env: {
      ...variables,
      ...Object.fromEntries((plugin.env ?? []).map(({ name, value }) => [name, value])),
      KUBERNETES_EXEC_INFO: JSON.stringify(info),
    },
    extendEnv: false,
    stdin: "ignore",
    reject: false,
    timeout: 120_000,
  });
  if (result.code === "ENOENT") {
    throw new Failure({
      kind: "missing-tool",
      code: "P0701",
      message: `\`${plugin.command}\`, which the kubeconfig logs in with, is not on this machine`,
      hint: plugin.installHint,
    });
  }
  if (result.failed) {
    throw new Failure({
      kind: "unauthenticated",
      code: "P0702",
      message: `\`${plugin.command}\`, which the kubeconfig logs in with, failed (exit code ${result.exitCode ?? "none"})`,
      evidence: result.stderr.split("\n").slice(-5),
    });
  }
  return parseCredential(result.stdout, plugin.command);
};

/** Exported for its test: reads what a plugin printed. */
export const parseCredential = (text: string, command: string): ExecCredential => {
  const unusable = (): Failure =>
    new Failure({
      kind: "unauthenticated",
      code: "P0702",
      message: `\`${command}\`, which the kubeconfig logs in with, printed no usable ExecCredential`,
    });
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    throw unusable();
  }
  const parsed = credentialSchema.safeParse(document);
  if (!parsed.success) throw unusable();
  const { token, clientCertificateData, clientKeyData, expirationTimestamp } = parsed.data.status;
  if (token === undefined && clientCertificateData === undefined) throw unusable();
  const expires = expirationTimestamp === undefined ? Number.NaN : Date.parse(expirationTimestamp);
  return {
    token,
    certificate: clientCertificateData,
    key: clientKeyData,
    expires: Number.isNaN(expires) ? undefined : expires,
  };
};
