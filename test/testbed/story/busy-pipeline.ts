/**
 * A pipeline that writes much in little time, in several versions: what it says of its namespaces, Secrets, objects of two
 * kinds of its own, and releases with hooks and definitions. Cluster-wide names hold the instance, so that several
 * instances fit beside each other.
 */
import { cp, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

const definition = (group: string, kind: string) => {
  const plural = `${kind.toLowerCase()}s`;
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope: "Namespaced",
      names: { kind, plural, singular: kind.toLowerCase() },
      versions: [
        {
          name: "v1",
          served: true,
          storage: true,
          schema: {
            openAPIV3Schema: {
              type: "object",
              properties: { spec: { type: "object", properties: { size: { type: "integer" } } } },
            },
          },
        },
      ],
    },
  };
};

/** Runs before an installation and before an upgrade, and Helm waits for its end. */
const hook = `apiVersion: batch/v1
kind: Job
metadata:
  name: {{ .Release.Name }}-prepare
  annotations:
    helm.sh/hook: pre-install,pre-upgrade
    helm.sh/hook-delete-policy: before-hook-creation,hook-succeeded
spec:
  template:
    spec:
      restartPolicy: Never
      containers: [{ name: prepare, image: "example.test/prepare:1" }]
`;

const objects = (group: string) => `apiVersion: v1
kind: ConfigMap
metadata: { name: {{ .Release.Name }} }
data: { version: {{ .Values.version }} }
---
apiVersion: v1
kind: ServiceAccount
metadata: { name: {{ .Release.Name }} }
---
apiVersion: ${group}/v1
kind: Gadget
metadata: { name: {{ .Release.Name }} }
spec: { size: 1 }
`;

/** A word that stands in all that the pipeline says, and the replicas that go with it. */
export type Version = "one" | "two" | "three";

const replicas: Readonly<Record<Version, number>> = { one: 1, two: 2, three: 3 };

export interface BusyPipeline {
  readonly instance: string;
  readonly file: string;
  /** Its namespaces. */
  readonly namespaces: readonly string[];
  /** Its definitions' names, each of which is a kind to kubectl, too. */
  readonly definitions: readonly string[];
}

/** Writes pipeline and charts into the folder. */
export const busyPipeline = async (
  folder: string,
  smallChart: string,
  wanted: { readonly kubeconfig: string; readonly instance: string; readonly version: Version },
): Promise<BusyPipeline> => {
  const { kubeconfig, instance, version } = wanted;
  const home = join(folder, instance);
  const group = `${instance}.example.test`;
  await mkdir(join(home, "hooked", "crds"), { recursive: true });
  await mkdir(join(home, "hooked", "templates"), { recursive: true });
  await cp(smallChart, join(home, "small"), { recursive: true });
  await writeFile(join(home, "hooked", "Chart.yaml"), "apiVersion: v2\nname: hooked\nversion: 1.0.0\n");
  await writeFile(join(home, "hooked", "templates", "hook.yaml"), hook);
  await writeFile(join(home, "hooked", "templates", "objects.yaml"), objects(group));
  await writeFile(join(home, "hooked", "crds", "gadgets.yaml"), JSON.stringify(definition(group, "Gadget")));

  const cluster = "${{ steps.cluster.outputs }}";
  const namespace = "${{ steps.namespace.outputs.name }}";
  const configMap = (name: string) => ({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name, namespace },
    data: { version },
  });
  const steps = {
    cluster: { uses: "kubernetes/existing-cluster", with: { kubeconfig } },
    namespace: {
      uses: "kubernetes/namespace",
      with: { cluster, name: instance, labels: { version } },
    },
    token: {
      uses: "kubernetes/secret",
      with: { cluster, namespace, name: "token", data: { token: "${{ secrets.token }}" } },
    },
    key: { uses: "git/deploy-key", with: { cluster, namespace, repository: "example/repository" } },
    set: {
      uses: "kubernetes/manifests",
      with: {
        cluster,
        name: "set",
        objects: [
          definition(group, "Widget"),
          configMap("first"),
          // Of the other version there is another one: it is pruned.
          configMap(`only-${version}`),
          {
            apiVersion: `${group}/v1`,
            kind: "Widget",
            metadata: { name: `widget-${version}`, namespace },
            spec: { size: 1 },
          },
        ],
      },
    },
    small: {
      uses: "helm/release",
      with: {
        cluster,
        namespace,
        release: "small",
        chart: "./small",
        values: { replicas: replicas[version] },
      },
    },
    hooked: {
      uses: "helm/release",
      with: {
        cluster,
        namespace: `${instance}-hooked`,
        release: "hooked",
        chart: "./hooked",
        values: { version },
      },
    },
  };
  const file = join(home, `${version}.yaml`);
  await writeFile(
    file,
    JSON.stringify({ name: "busy", instance, secrets: { token: { env: "BUSY_TOKEN" } }, steps }),
  );
  return {
    instance,
    file,
    namespaces: [instance, `${instance}-hooked`],
    definitions: [`widgets.${group}`, `gadgets.${group}`],
  };
};
