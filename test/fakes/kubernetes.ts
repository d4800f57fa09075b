/**
 * A Kubernetes API in memory: storage, versions, finalizers, server-side apply with field ownership and CRDs, as far
 * as steps rely on them. `react` plays the controllers.
 */
import type {
  KindName,
  KubernetesClient,
  KubernetesObject,
  ObjectName,
} from "../../src/clients/kubernetes/client.ts";
import { Failure } from "../../src/step/failure.ts";
import { Secret } from "../../src/step/secret.ts";
import { applied, merged } from "./kubernetes-merge.ts";

export interface FakeKubernetes extends KubernetesClient {
  /** `apply Namespace demo`, in order; reads and dry runs are not in it. */
  readonly writes: string[];
  /** Stores an object as somebody else would: no marks, no field ownership of ours. */
  put(object: KubernetesObject): KubernetesObject;
  /** Changes a stored object behind everybody's back; a no-op where it is not there. */
  edit(name: ObjectName, patch: Record<string, unknown>): void;
  /** Called after each write with the object as stored; may `put` and `edit`. */
  react(controller: (object: KubernetesObject) => void): void;
  /** Called before each call; may throw. */
  intercept(before: (verb: string, name: KindName & { readonly name?: string }) => void): void;
  say(namespace: string, pod: string, lines: readonly string[]): void;
}

const namespaced = new Set(
  "Pod Service Secret ConfigMap Event Deployment StatefulSet DaemonSet ReplicaSet Job Ingress Lease ServiceAccount Role RoleBinding Endpoints"
    .split(" ")
    .concat(["Certificate", "CertificateRequest", "Order", "Challenge"]),
);

const builtIn: readonly KindName[] = [
  ...["Namespace", "Pod", "Service", "Secret", "ConfigMap", "Event", "ServiceAccount"].map((kind) => ({
    apiVersion: "v1",
    kind,
  })),
  ...["Deployment", "StatefulSet", "DaemonSet"].map((kind) => ({ apiVersion: "apps/v1", kind })),
  { apiVersion: "batch/v1", kind: "Job" },
  { apiVersion: "networking.k8s.io/v1", kind: "Ingress" },
  { apiVersion: "networking.k8s.io/v1", kind: "IngressClass" },
  { apiVersion: "coordination.k8s.io/v1", kind: "Lease" },
  { apiVersion: "apiextensions.k8s.io/v1", kind: "CustomResourceDefinition" },
];

const keyOf = ({ apiVersion, kind, namespace, name }: ObjectName): string =>
  `${apiVersion} ${kind} ${namespaced.has(kind) ? (namespace ?? "default") : ""}/${name}`;

const labelsMatch = (object: KubernetesObject, selector: string | undefined): boolean =>
  (selector ?? "")
    .split(",")
    .filter((part) => part !== "")
    .every((part) => {
      const [, key = "", not, value] = /^([^!=]+)(!?)=?(.*)$/.exec(part) ?? [];
      const label = object.metadata.labels?.[key];
      if (not) return label !== value;
      return !value ? label !== undefined : label === value;
    });

const fieldsMatch = (object: KubernetesObject, selector: string | undefined): boolean =>
  (selector ?? "")
    .split(",")
    .filter((part) => part !== "")
    .every((part) => {
      const [path = "", value] = part.split("=");
      const found = path
        .split(".")
        .reduce<unknown>(
          (inner, step) =>
            typeof inner === "object" && inner !== null ? Reflect.get(inner, step) : undefined,
          object,
        );
      return String(found ?? "") === value;
    });

/** `kinds`: served besides the built-in ones. */
export const fakeKubernetes = (
  kinds: readonly KindName[] = [],
  options: { readonly version?: string } = {},
): FakeKubernetes => {
  const objects = new Map<string, KubernetesObject>();
  const served = [...builtIn, ...kinds];
  const writes: string[] = [];
  const logs = new Map<string, readonly string[]>();
  let version = 0;
  let controller: (object: KubernetesObject) => void = () => undefined;
  let before: (verb: string, name: KindName & { readonly name?: string }) => void = () => undefined;

  const serves = (kind: KindName): boolean =>
    served.some((known) => known.apiVersion === kind.apiVersion && known.kind === kind.kind);

  const failure = (
    kind: "conflict" | "not-found" | "rejected",
    code: string,
    name: ObjectName,
    why: string,
  ): Failure =>
    new Failure({
      kind,
      code,
      message: `${name.kind} ${name.name}: ${why}`,
      resource: `${name.kind} ${name.name}`,
    });

  const nameIn = (object: KubernetesObject): ObjectName => ({
    apiVersion: object.apiVersion,
    kind: object.kind,
    name: object.metadata.name,
    namespace: object.metadata.namespace,
  });

  const store = (object: KubernetesObject): KubernetesObject => {
    version += 1;
    const known = objects.get(keyOf(nameIn(object)));
    const stored: KubernetesObject = {
      ...structuredClone(object),
      metadata: {
        ...structuredClone(object.metadata),
        ...(namespaced.has(object.kind) && { namespace: object.metadata.namespace ?? "default" }),
        uid: known?.metadata.uid ?? `uid-${version}`,
        resourceVersion: String(version),
        generation: (known?.metadata.generation ?? 0) + 1,
      },
    };
    objects.set(keyOf(nameIn(object)), stored);
    if (object.kind === "CustomResourceDefinition") serveCrd(stored);
    return stored;
  };

  const serveCrd = (crd: KubernetesObject): void => {
    const { spec } = crd;
    if (typeof spec !== "object" || spec === null) return;
    const group: unknown = Reflect.get(spec, "group");
    const names: unknown = Reflect.get(spec, "names");
    const versions: unknown = Reflect.get(spec, "versions");
    if (typeof names !== "object" || names === null || !Array.isArray(versions)) return;
    for (const one of versions) {
      const kind = { apiVersion: `${group}/${one.name}`, kind: String(Reflect.get(names, "kind")) };
      if (!serves(kind)) served.push(kind);
    }
  };

  const requireKind = (object: KubernetesObject): void => {
    if (!serves(object)) throw failure("not-found", "KindNotServed", nameIn(object), "kind is not served");
    const namespace = object.metadata.namespace ?? "default";
    const known = ["default", "kube-system"].includes(namespace) || objects.has(`v1 Namespace /${namespace}`);
    if (namespaced.has(object.kind) && !known) {
      throw failure("not-found", "NotFound", nameIn(object), `namespaces "${namespace}" not found`);
    }
  };

  const written = (verb: string, object: KubernetesObject): KubernetesObject => {
    const { kind, metadata } = object;
    writes.push(`${verb} ${kind} ${metadata.namespace ? `${metadata.namespace}/` : ""}${metadata.name}`);
    const stored = store(object);
    controller(structuredClone(stored));
    return structuredClone(objects.get(keyOf(nameIn(stored))) ?? stored);
  };

  const erase = (object: KubernetesObject): void => {
    objects.delete(keyOf(nameIn(object)));
    if (object.kind !== "Namespace") return;
    for (const inside of [...objects.values()]) {
      if (namespaced.has(inside.kind) && inside.metadata.namespace === object.metadata.name) {
        objects.delete(keyOf(nameIn(inside)));
      }
    }
  };

  const fake: FakeKubernetes = {
    writes,
    get: async (name) => {
      before("get", name);
      return structuredClone(objects.get(keyOf(name)));
    },
    list: async (kind, { namespace, labelSelector, fieldSelector } = {}) => {
      before("list", kind);
      return [...objects.values()]
        .filter((object) => object.kind === kind.kind && object.apiVersion === kind.apiVersion)
        .filter((object) => namespace === undefined || object.metadata.namespace === namespace)
        .filter((object) => labelsMatch(object, labelSelector) && fieldsMatch(object, fieldSelector))
        .map((object) => structuredClone(object));
    },
    apply: async (object, { dryRun } = {}) => {
      before("apply", nameIn(object));
      requireKind(object);
      const next = applied(objects.get(keyOf(nameIn(object))), object);
      return dryRun ? next : written("apply", next);
    },
    create: async (object, { dryRun } = {}) => {
      before("create", nameIn(object));
      requireKind(object);
      if (objects.has(keyOf(nameIn(object))))
        throw failure("conflict", "AlreadyExists", nameIn(object), "already exists");
      return dryRun ? structuredClone(object) : written("create", object);
    },
    replace: async (object) => {
      before("replace", nameIn(object));
      const known = objects.get(keyOf(nameIn(object)));
      if (!known) throw failure("not-found", "NotFound", nameIn(object), "not found");
      if (known.metadata.resourceVersion !== object.metadata.resourceVersion)
        throw failure("conflict", "Conflict", nameIn(object), "the object has been modified");
      return written("replace", object);
    },
    patch: async (name, patch) => {
      before("patch", name);
      const known = objects.get(keyOf(name));
      if (!known) throw failure("not-found", "NotFound", name, "not found");
      return written("patch", merged(known, patch));
    },
    delete: async (name, { uid } = {}) => {
      before("delete", name);
      const known = objects.get(keyOf(name));
      if (!known) return;
      if (uid !== undefined && uid !== known.metadata.uid)
        throw failure("conflict", "Conflict", name, "another object by now");
      writes.push(
        `delete ${name.kind} ${known.metadata.namespace ? `${known.metadata.namespace}/` : ""}${name.name}`,
      );
      if ((known.metadata.finalizers?.length ?? 0) > 0) {
        const dying = { ...known.metadata, deletionTimestamp: "2026-01-01T00:00:00Z" };
        controller(structuredClone(store({ ...known, metadata: dying })));
      } else erase(known);
    },
    serves: async (kind) => serves(kind),
    kinds: async () => served.map((kind) => ({ ...kind, namespaced: namespaced.has(kind.kind) })),
    logs: async (namespace, pod) => logs.get(`${namespace}/${pod}`) ?? [],
    version: async () => options.version ?? "v1.35.4",
    kubeconfig: async () => new Secret("apiVersion: v1", "kubeconfig of the fake"),
    put: (object) => store(object),
    edit: (name, patch) => {
      const known = objects.get(keyOf(name));
      if (!known) return;
      const next = merged(known, patch);
      const dead = next.metadata.deletionTimestamp !== undefined && !next.metadata.finalizers?.length;
      if (dead) erase(next);
      else store(next);
    },
    react: (next) => {
      controller = next;
    },
    intercept: (next) => {
      before = next;
    },
    say: (namespace, pod, lines) => {
      logs.set(`${namespace}/${pod}`, lines);
    },
  };
  return fake;
};
