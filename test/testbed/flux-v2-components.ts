/**
 * Upstream's own objects of a controller of Flux v2, out of the Go module that the testbed built it from: definitions,
 * roles, Service and Deployment, as kubectl's Kustomize puts them together.
 */
import { mkdir, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { execa } from "execa";
import type { fluxPrograms } from "./programs.ts";

export interface FluxComponentsOptions {
  readonly namespace: string;
  /** Path of kubectl. */
  readonly kubectl: string;
  /** For the files of the overlay; no part of its path may be a symbolic link. */
  readonly folder: string;
}

const moduleFolder = async (name: string): Promise<string> => {
  const module = `github.com/fluxcd/${name}`;
  const { stdout } = await execa("go", ["list", "-m", "-f", "{{.Dir}}", module], {
    cwd: join(import.meta.dirname, name),
    env: { GOTOOLCHAIN: "local", GOFLAGS: "" },
  });
  return stdout;
};

const replace = (path: string, value: string) => ({ op: "replace", path, value });

/** As YAML, without the namespace itself. As in a real installation, the controller has a ServiceAccount of its own. */
export const fluxComponents = async (
  name: (typeof fluxPrograms)[number],
  { namespace, kubectl, folder }: FluxComponentsOptions,
): Promise<string> => {
  const config = join(await moduleFolder(name), "config");
  const overlay = join(folder, "overlays", name);
  const account = { apiVersion: "v1", kind: "ServiceAccount", metadata: { name } };
  const subject = [replace("/subjects/0/name", name), replace("/subjects/0/namespace", namespace)];
  const login = [{ op: "add", path: "/spec/template/spec/serviceAccountName", value: name }];
  const kustomization = {
    namespace,
    resources: [
      ...["crd", "rbac", "manager"].map((part) => relative(overlay, join(config, part))),
      "account.json",
    ],
    images: [{ name: `fluxcd/${name}`, newName: `ghcr.io/fluxcd/${name}` }],
    patches: [
      { target: { kind: ".*RoleBinding" }, patch: JSON.stringify(subject) },
      { target: { kind: "Deployment" }, patch: JSON.stringify(login) },
    ],
  };
  await mkdir(overlay, { recursive: true });
  await writeFile(join(overlay, "account.json"), JSON.stringify(account));
  await writeFile(join(overlay, "kustomization.yaml"), JSON.stringify(kustomization));
  return (await execa(kubectl, ["kustomize", overlay])).stdout;
};
