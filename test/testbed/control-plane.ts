/**
 * The real control plane as host processes on loopback: etcd, kube-apiserver, kube-controller-manager and
 * kube-scheduler, with RBAC, admission as shipped and an audit log of every write.
 */
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Agent } from "undici";
import { auditPolicy } from "./audit.ts";
import { type Login, writeKubeconfig } from "./kubeconfig.ts";
import { freePorts } from "./ports.ts";
import { type HostProcess, type ProcessOptions, waitUntil } from "./process.ts";

export interface ControlPlane {
  /** An administrator's. */
  readonly login: Login;
  /** The same as a file. */
  readonly kubeconfig: string;
  /** For the simulated nodes: a user of its own, so that the audit log tells it from others. */
  readonly nodesKubeconfig: string;
  /** For the cloud provider, likewise. */
  readonly cloudKubeconfig: string;
  readonly auditLog: string;
  /** PEM files with which the API server serves, good for localhost. */
  readonly serving: { readonly certificate: string; readonly key: string };
}

/** Starts a process that ends with the testbed. */
export type Launch = (
  options: Pick<ProcessOptions, "name" | "program" | "arguments" | "variables">,
) => Promise<HostProcess>;

/** All of 127/8 is this machine, so what asks for a Service's address never leaves it. */
const serviceNetwork = "127.96.0.0/16";

/** GET with the login: the status and text of the answer; undefined while nothing listens. */
export const get = async (
  { server, authority, token }: Login,
  path: string,
): Promise<{ readonly status: number; readonly text: string } | undefined> => {
  const dispatcher = new Agent({ connect: { ca: authority } });
  try {
    const headers = { authorization: `Bearer ${token}` };
    const { statusCode, body } = await dispatcher.request({ origin: server, path, method: "GET", headers });
    return { status: statusCode, text: await body.text() };
  } catch {
    return undefined;
  } finally {
    await dispatcher.close();
  }
};

const newToken = (): string => randomBytes(24).toString("hex");

const newServiceAccountKey = (): string =>
  generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  }).privateKey;

/** Starts all four in `directory` and returns when pods can be made: the first ServiceAccount is there. */
export const startControlPlane = async (
  directory: string,
  binary: string,
  launch: Launch,
): Promise<ControlPlane> => {
  const certificates = join(directory, "certificates");
  const key = join(directory, "service-accounts.pem");
  const tokenFile = join(directory, "tokens.csv");
  const policy = join(directory, "audit-policy.json");
  const auditLog = join(directory, "audit.log");
  const tokens = {
    admin: newToken(),
    nodes: newToken(),
    cloud: newToken(),
    controllers: newToken(),
    scheduler: newToken(),
  };
  await mkdir(certificates, { recursive: true, mode: 0o700 });
  await writeFile(key, newServiceAccountKey(), { mode: 0o600 });
  await writeFile(policy, JSON.stringify(auditPolicy));
  // RBAC's own bootstrap roles are bound to the names of the two components.
  const users = [
    `${tokens.admin},testbed-admin,testbed-admin,"system:masters"`,
    `${tokens.nodes},testbed-nodes,testbed-nodes,"system:masters"`,
    `${tokens.cloud},testbed-cloud,testbed-cloud,"system:masters"`,
    `${tokens.controllers},system:kube-controller-manager,system:kube-controller-manager`,
    `${tokens.scheduler},system:kube-scheduler,system:kube-scheduler`,
  ];
  await writeFile(tokenFile, `${users.join("\n")}\n`, { mode: 0o600 });

  const [client, peer, api, controllers, scheduler] = await freePorts(5);
  const control = (name: string, words: readonly string[]): Promise<HostProcess> =>
    launch({ name, program: binary, arguments: [name, ...words] });

  await control("etcd", [
    `--data-dir=${join(directory, "etcd")}`,
    `--client-url=http://127.0.0.1:${client}`,
    `--peer-url=http://127.0.0.1:${peer}`,
    "--unsafe-no-fsync",
  ]);
  const server = `https://127.0.0.1:${api}`;
  const apiServer = await control("kube-apiserver", [
    `--etcd-servers=http://127.0.0.1:${client}`,
    "--bind-address=127.0.0.1",
    "--advertise-address=127.0.0.1",
    `--secure-port=${api}`,
    "--endpoint-reconciler-type=none",
    `--cert-dir=${certificates}`,
    "--service-account-issuer=https://kubernetes.default.svc",
    `--service-account-key-file=${key}`,
    `--service-account-signing-key-file=${key}`,
    `--token-auth-file=${tokenFile}`,
    "--authorization-mode=Node,RBAC",
    `--service-cluster-ip-range=${serviceNetwork}`,
    "--kubelet-preferred-address-types=ExternalDNS",
    "--allow-privileged=true",
    `--audit-policy-file=${policy}`,
    `--audit-log-path=${auditLog}`,
  ]);
  // It signs its own certificate at its start, and the file ends with the authority's.
  const certificate = join(certificates, "apiserver.crt");
  const login = async (token: string): Promise<Login> => ({
    server,
    authority: await readFile(certificate, "utf8").catch(() => ""),
    token,
  });
  const asked = async (path: string): Promise<boolean> =>
    (await get(await login(tokens.admin), path))?.status === 200;
  await waitUntil("the API server becomes ready", apiServer, () => asked("/readyz"));

  const kubeconfigOf = async (name: string, token: string): Promise<string> => {
    const path = join(directory, `${name}.kubeconfig`);
    await writeKubeconfig(path, await login(token));
    return path;
  };
  const loopback = (kubeconfig: string, port: number | undefined): readonly string[] => [
    `--kubeconfig=${kubeconfig}`,
    `--authentication-kubeconfig=${kubeconfig}`,
    `--authorization-kubeconfig=${kubeconfig}`,
    "--bind-address=127.0.0.1",
    `--secure-port=${port}`,
    "--leader-elect=false",
  ];
  const manager = await control("kube-controller-manager", [
    ...loopback(await kubeconfigOf("kube-controller-manager", tokens.controllers), controllers),
    "--use-service-account-credentials=true",
    // It logs in once for each controller: with the default of 20 requests a second, that alone takes five seconds.
    "--kube-api-qps=200",
    "--kube-api-burst=400",
    `--service-account-private-key-file=${key}`,
    `--root-ca-file=${certificate}`,
  ]);
  await control(
    "kube-scheduler",
    loopback(await kubeconfigOf("kube-scheduler", tokens.scheduler), scheduler),
  );
  await waitUntil("pods can be made", manager, () =>
    asked("/api/v1/namespaces/default/serviceaccounts/default"),
  );
  return {
    login: await login(tokens.admin),
    kubeconfig: await kubeconfigOf("admin", tokens.admin),
    nodesKubeconfig: await kubeconfigOf("nodes", tokens.nodes),
    cloudKubeconfig: await kubeconfigOf("cloud", tokens.cloud),
    auditLog,
    serving: { certificate, key: join(certificates, "apiserver.key") },
  };
};
