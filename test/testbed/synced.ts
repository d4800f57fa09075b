/** What the tests of Flux commit, and how they see it arrive: ConfigMaps with a greeting, by a deploy key in the cluster. */

/** Runs kubectl as the cluster's administrator, and gives what it prints. */
type Kubectl = (...words: readonly string[]) => Promise<string>;

export const configMap = (name: string, greeting: string): string =>
  JSON.stringify({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name, namespace: "default" },
    data: { greeting },
  });

/** The greeting of a ConfigMap in the cluster; empty where there is none. */
export const greetingIn = (kubectl: Kubectl, name: string): Promise<string> =>
  kubectl("get", `configmap/${name}`, "--ignore-not-found", "--output=jsonpath={.data.greeting}");

/** The public half of the key that `git/deploy-key` keeps in the namespace. */
export const publicKeyIn = async (kubectl: Kubectl, namespace: string): Promise<string> => {
  const encoded = await kubectl(
    "get",
    "secret/git-deploy-key",
    `--namespace=${namespace}`,
    "--output=jsonpath={.data.identity\\.pub}",
  );
  return Buffer.from(encoded, "base64").toString("utf8");
};
