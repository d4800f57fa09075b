/**
 * Reads a kubeconfig: the one cluster and user that a context names, as data that a connection is opened with.
 * Parsed here and not by `@kubernetes/client-node`, because that does not tree-shake: its KubeConfig alone is a
 * bundle of 1.28 MB that takes 120 ms to load; `yaml`, `zod` and `execa` are loaded for other reasons anyway.
 *
 * Format: https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/
 */
import { dirname, isAbsolute, resolve } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { Failure } from "../../step/failure.ts";
import { Secret } from "../../step/secret.ts";

const clusterSchema = z.looseObject({
  server: z.string(),
  "certificate-authority": z.string().optional(),
  "certificate-authority-data": z.string().optional(),
  "insecure-skip-tls-verify": z.boolean().optional(),
  "tls-server-name": z.string().optional(),
  "proxy-url": z.string().optional(),
});

const execSchema = z.looseObject({
  apiVersion: z.enum(["client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1"]),
  command: z.string(),
  args: z.array(z.string()).nullish(),
  env: z.array(z.object({ name: z.string(), value: z.string() })).nullish(),
  installHint: z.string().optional(),
  provideClusterInfo: z.boolean().optional(),
});

/** How to ask a program for a credential (client.authentication.k8s.io). */
export type ExecPlugin = z.output<typeof execSchema>;

const userSchema = z.looseObject({
  token: z.string().optional(),
  tokenFile: z.string().optional(),
  username: z.string().optional(),
  password: z.string().optional(),
  "client-certificate": z.string().optional(),
  "client-certificate-data": z.string().optional(),
  "client-key": z.string().optional(),
  "client-key-data": z.string().optional(),
  exec: execSchema.optional(),
  "auth-provider": z.looseObject({ name: z.string() }).optional(),
});

const kubeconfigSchema = z.looseObject({
  "current-context": z.string().optional(),
  clusters: z.array(z.object({ name: z.string(), cluster: clusterSchema })).nullish(),
  users: z.array(z.object({ name: z.string(), user: userSchema.nullish() })).nullish(),
  contexts: z
    .array(
      z.object({
        name: z.string(),
        context: z.looseObject({ cluster: z.string(), user: z.string().default("") }),
      }),
    )
    .nullish(),
});

export type KubeconfigCluster = z.output<typeof clusterSchema>;
export type KubeconfigUser = z.output<typeof userSchema>;

/** What a context names, with every path absolute. */
export interface KubeconfigEntry {
  readonly context: string;
  readonly cluster: KubeconfigCluster;
  readonly user: KubeconfigUser;
}

const invalid = (origin: string, message: string, hint?: string): Failure =>
  new Failure({ kind: "rejected", code: "P0700", message: `${origin}: ${message}`, hint });

const absolute = (file: string | undefined, directory: string): string | undefined =>
  file === undefined || isAbsolute(file) ? file : resolve(directory, file);

/** A command with a slash is a path from the kubeconfig's folder, one without is looked up in PATH. */
const absoluteCommand = (command: string, directory: string): string =>
  command.includes("/") || command.includes("\\") ? resolve(directory, command) : command;

const resolvePaths = (user: KubeconfigUser, directory: string): KubeconfigUser => ({
  ...user,
  tokenFile: absolute(user.tokenFile, directory),
  "client-certificate": absolute(user["client-certificate"], directory),
  "client-key": absolute(user["client-key"], directory),
  ...(user.exec && { exec: { ...user.exec, command: absoluteCommand(user.exec.command, directory) } }),
});

/**
 * The entry that `context` names, or the current context where it is empty.
 * @param origin for messages: a file's path or a cluster's name; relative paths start at its folder.
 * @throws Failure `rejected` (P0700) for what is no kubeconfig or has no such context. No text of the file is quoted.
 */
export const readKubeconfig = (text: string, context: string, origin: string): KubeconfigEntry => {
  const directory = dirname(origin);
  let document: unknown;
  try {
    document = parse(text);
  } catch {
    throw invalid(origin, "is not valid YAML");
  }
  const parsed = kubeconfigSchema.safeParse(document);
  if (!parsed.success) {
    const place = parsed.error.issues[0]?.path.join(".") ?? "";
    throw invalid(origin, `is not a kubeconfig that can be used, see \`${place}\``);
  }
  const { clusters, users, contexts } = parsed.data;
  const name = context || (parsed.data["current-context"] ?? "");
  const chosen = contexts?.find((entry) => entry.name === name);
  if (!chosen) {
    const names = contexts?.map((entry) => `\`${entry.name}\``).join(", ") || "none";
    throw invalid(origin, `has no context \`${name}\``, `It has: ${names}.`);
  }
  const cluster = clusters?.find((entry) => entry.name === chosen.context.cluster)?.cluster;
  if (!cluster)
    throw invalid(
      origin,
      `context \`${name}\` names the cluster \`${chosen.context.cluster}\`, which is missing`,
    );
  const user = users?.find((entry) => entry.name === chosen.context.user)?.user ?? {};
  if (user["auth-provider"]) {
    throw invalid(
      origin,
      `logs in with the auth provider \`${user["auth-provider"].name}\`, which Kubernetes has removed`,
      "Make the kubeconfig anew with an exec plugin.",
    );
  }
  return {
    context: name,
    cluster: { ...cluster, "certificate-authority": absolute(cluster["certificate-authority"], directory) },
    user: resolvePaths(user, directory),
  };
};

/** A whole kubeconfig, of which only what logs in is secret: its server's name and `kind: Config` are not. */
export const kubeconfigSecret = (text: string, origin: string): Secret =>
  new Secret(text, `kubeconfig of ${origin}`, loginsIn(text) ?? [text]);

/** Undefined where it can't be read, so that nobody knows what in it is secret. */
const loginsIn = (text: string): readonly string[] | undefined => {
  let document: unknown;
  try {
    document = parse(text);
  } catch {
    return undefined;
  }
  const parsed = kubeconfigSchema.safeParse(document);
  return parsed.data?.users?.flatMap(({ user }) => {
    const key = user?.["client-key-data"];
    const texts = [user?.token, user?.password, key, key && Buffer.from(key, "base64").toString("utf8")];
    return texts.flatMap((each) => (each ? [each] : []));
  });
};

/** A kubeconfig with this entry alone. JSON is YAML. */
export const writeKubeconfig = (entry: KubeconfigEntry, origin: string): Secret =>
  kubeconfigSecret(
    JSON.stringify({
      apiVersion: "v1",
      kind: "Config",
      "current-context": entry.context,
      clusters: [{ name: "cluster", cluster: entry.cluster }],
      users: [{ name: "user", user: entry.user }],
      contexts: [{ name: entry.context, context: { cluster: "cluster", user: "user" } }],
    }),
    origin,
  );
