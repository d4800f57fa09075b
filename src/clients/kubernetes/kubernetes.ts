/** Opens a KubernetesClient for a cluster's Ref: `kubernetes(cluster)` is the key that a context hands to `use`. */
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { ClientKey, Environment, Use } from "../../step/context.ts";
import { Failure } from "../../step/failure.ts";
import type { Ref } from "../../step/ref.ts";
import type { KubernetesClient } from "./client.ts";
import type { Login } from "./login.ts";

const filePrefix = "kubeconfig:";

/** `kubeconfig:<path>#<context>`: the id of a cluster that a kubeconfig reaches. */
export const kubeconfigClusterId = (path: string, context: string): string =>
  `${filePrefix}${path}#${context}`;

const readText = async (path: string): Promise<string> => {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    throw new Failure(
      {
        kind: "missing-tool",
        code: "P0703",
        message: `the kubeconfig ${path} can't be read`,
        hint: "Name a kubeconfig that is on this machine.",
      },
      { cause: error },
    );
  }
};

/** A kubeconfig in a checkout names any program, with any words, which would inherit the job's login. */
const strangeProgram = (path: string, command: string): Failure =>
  new Failure({
    kind: "rejected",
    code: "P0704",
    message: `the kubeconfig ${path} logs in by the program \`${command}\`, and this pull request comes from a fork: it is not run`,
    hint: "Plan a fork's pull request offline; once it is merged, or in a branch of this repository, the program is run.",
  });

const expandHome = (path: string, environment: Environment): string => {
  const home = environment.variables.HOME ?? environment.variables.USERPROFILE;
  return path.startsWith("~/") && home !== undefined ? resolve(home, path.slice(2)) : path;
};

const openFile = async (id: string, environment: Environment): Promise<Login> => {
  const [{ readKubeconfig }, { logIn }] = await Promise.all([
    import("./kubeconfig.ts"),
    import("./login.ts"),
  ]);
  const at = id.lastIndexOf("#");
  const named = id.slice(filePrefix.length, at === -1 ? undefined : at);
  const path = resolve(environment.directory, expandHome(named, environment));
  const entry = readKubeconfig(await readText(path), at === -1 ? "" : id.slice(at + 1), path);
  if (environment.strange && entry.user.exec) throw strangeProgram(named, entry.user.exec.command);
  return logIn(entry, path, environment.variables);
};

const openAks = async (id: string, environment: Environment, use: Use): Promise<Login> => {
  const [{ aksKubeconfig }, { readKubeconfig }, { logIn }] = await Promise.all([
    import("../azure/cluster-access.ts"),
    import("./kubeconfig.ts"),
    import("./login.ts"),
  ]);
  const { kubeconfig, forPrograms, expires } = await aksKubeconfig(environment, use, id);
  const login = await logIn(readKubeconfig(kubeconfig.reveal(), "", id), id, environment.variables);
  return {
    ...login,
    kubeconfig: forPrograms ?? login.kubeconfig,
    expires: expires ?? login.expires,
    renewable: true,
  };
};

/**
 * @param cluster its id is `<ARM id>#admin|user|entra` or `kubeconfig:<path>#<context>` (an empty context is the
 * file's current one; a relative path starts at the pipeline's folder, `~/` at the home folder).
 */
export const kubernetes = (cluster: Ref): ClientKey<KubernetesClient> => ({
  name: `kubernetes ${cluster.id}`,
  open: async (environment, use) => {
    const [{ restClient }, { transport }] = await Promise.all([
      import("./rest.ts"),
      import("./transport.ts"),
    ]);
    const open = (): Promise<Login> =>
      cluster.id.startsWith(filePrefix)
        ? openFile(cluster.id, environment)
        : openAks(cluster.id, environment, use);
    return restClient(transport({ open, variables: environment.variables, now: Date.now }));
  },
});
