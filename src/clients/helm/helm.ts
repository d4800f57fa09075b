/**
 * Opens Helm: `helmProgram` alone, for charts and their rendering, and `helm(cluster)` for releases on a cluster.
 */

import { readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import type { ClientKey } from "../../step/context.ts";
import { Failure } from "../../step/failure.ts";
import type { Ref } from "../../step/ref.ts";
import type { KubernetesClient } from "../kubernetes/client.ts";
import { kubernetes } from "../kubernetes/kubernetes.ts";
import {
  pullArguments,
  rollbackArguments,
  templateArguments,
  uninstallArguments,
  upgradeArguments,
} from "./arguments.ts";
import type { HelmClient, HelmProgram, HelmVersion, ReleaseRequest } from "./client.ts";
import { helmFailure } from "./errors.ts";
import { locateHelm, packageRoot } from "./locate.ts";
import type { HelmRun, RunHelm } from "./process.ts";
import { parseHelmVersion } from "./version.ts";

interface OpenHelm {
  readonly path: string;
  readonly version: HelmVersion;
  readonly run: RunHelm;
}

/** The located program with its version, once in a run. */
const located: ClientKey<OpenHelm> = {
  name: "helm located",
  open: async ({ variables }) => {
    const { helmRunner } = await import("./process.ts");
    const path = await locateHelm({ variables, root: await packageRoot() });
    const run = helmRunner(path, variables);
    const result = await run({
      arguments: ["version", "--template", "{{.Version}}"],
      signal: new AbortController().signal,
    });
    return { path, version: parseHelmVersion(result.stdout || result.stderr, path), run };
  },
};

export const helmProgram: ClientKey<HelmProgram> = {
  name: "helm",
  open: async (_environment, use) => programOf(await use(located)),
};

/** Helm on the cluster that the Ref's id names. */
export const helm = (cluster: Ref): ClientKey<HelmClient> => ({
  name: `helm ${cluster.id}`,
  open: async (_environment, use) => clientOf(await use(located), await use(kubernetes(cluster))),
});

const programOf = ({ path, version, run }: OpenHelm): HelmProgram => ({
  path,
  version,
  pull: async (request) => {
    await checked(run, `${request.repository}/${request.chart} ${request.version}`, "downloading the chart", {
      arguments: pullArguments(request),
      signal: request.signal,
    });
    const [file] = (await readdir(request.folder)).filter((name) => name.endsWith(".tgz"));
    if (file !== undefined) return join(request.folder, file);
    throw new Failure({
      kind: "unexpected",
      code: "P0747",
      message: `downloading the chart ${request.chart} ${request.version}: Helm left no package`,
    });
  },
  template: (request) =>
    checked(run, basename(request.chart), `rendering ${request.release}`, {
      arguments: templateArguments(request),
      input: JSON.stringify(request.values),
      signal: request.signal,
    }),
});

const clientOf = ({ version, run }: OpenHelm, cluster: Pick<KubernetesClient, "kubeconfig">): HelmClient => {
  const act = async (verb: string, request: ReleaseRequest, rest: Pick<HelmRun, "arguments" | "input">) => {
    const place = `${request.namespace}/${request.release}`;
    return checked(run, place, `${verb} release ${place}`, {
      ...rest,
      signal: request.signal,
      kubeconfig: await cluster.kubeconfig(),
    });
  };
  return {
    version,
    upgradeInstall: async (request) => {
      await act("installing", request, {
        arguments: upgradeArguments(version, request),
        // JSON is YAML, and needs no thought about quoting.
        input: JSON.stringify(request.values),
      });
    },
    rollback: async (request) => {
      await act("rolling back", request, { arguments: rollbackArguments(version, request) });
    },
    uninstall: (request) => act("removing", request, { arguments: uninstallArguments(version, request) }),
  };
};

/** Stdout of a run that must end well. */
const checked = async (run: RunHelm, resource: string, action: string, request: HelmRun): Promise<string> => {
  const { exitCode, stdout, stderr } = await run(request);
  if (exitCode !== 0) throw helmFailure({ action, resource, stderr, exitCode });
  return stdout;
};
