/** Kubeconfigs for the clusters below one server, each at a path of its own. */

const prefix = "/clusters/";

/** Keys are ARM ids, full of slashes: in the path they stand in base64url, which no proxy or client rewrites. */
export const clusterPath = (key: string): string => `${prefix}${Buffer.from(key).toString("base64url")}`;

/** Splits a request's path: the cluster's key, and the path below the cluster (`/api/v1/pods`). */
export const splitPath = (path: string): { readonly key: string; readonly rest: string } | undefined => {
  const found = /^\/clusters\/([A-Za-z0-9_-]+)(\/.*)?$/.exec(path);
  if (!found?.[1]) return undefined;
  return { key: Buffer.from(found[1], "base64url").toString(), rest: found[2] ?? "/" };
};

export interface KubeconfigParts {
  readonly name: string;
  readonly user: string;
  /** Base URL of the cluster, path included. */
  readonly server: string;
  /** PEM; left out over plain HTTP. */
  readonly authority: string;
  readonly token: string;
}

export const kubeconfigText = ({ name, user, server, authority, token }: KubeconfigParts): string => {
  const account = `${user}_${name}`;
  const certificate = authority
    ? `    certificate-authority-data: ${Buffer.from(authority).toString("base64")}\n`
    : "";
  return `apiVersion: v1
kind: Config
clusters:
- name: ${JSON.stringify(name)}
  cluster:
${certificate}    server: ${JSON.stringify(server)}
contexts:
- name: ${JSON.stringify(name)}
  context:
    cluster: ${JSON.stringify(name)}
    user: ${JSON.stringify(account)}
current-context: ${JSON.stringify(name)}
preferences: {}
users:
- name: ${JSON.stringify(account)}
  user:
    token: ${JSON.stringify(token)}
`;
};
