/**
 * A deploy key as a cluster keeps it: a Secret with the pair and the host's keys, marked as ours, and with what
 * `destroy` has to know (the repository, its title there) in annotations.
 */

import type { SshKeyPair } from "../../clients/git/ssh-key.ts";
import { sshFingerprint } from "../../clients/git/ssh-key.ts";
import type { KubernetesObject, ObjectName } from "../../clients/kubernetes/client.ts";
import type { Owner, Ref } from "../../step/ref.ts";
import { Secret } from "../../step/secret.ts";
import { marksOf, ownerOf, withMarks } from "../kubernetes/marks.ts";
import { namesIn } from "../kubernetes/object-id.ts";

const annotations = {
  repository: "provision.dev/repository",
  access: "provision.dev/access",
} as const;

/** What the step needs to know of a Secret, whose private key stays a Secret of ours. */
export interface KeptKey {
  /** Undefined where the Secret lacks a part of the pair, or its public key is none. */
  readonly pair: SshKeyPair | undefined;
  readonly fingerprint: string | undefined;
  readonly knownHosts: string;
  /** Over SSH; undefined in a Secret that we did not make. */
  readonly repository: string | undefined;
  readonly readOnly: boolean;
  readonly owner: Owner | undefined;
}

export const secretName = (ref: Ref): ObjectName & { readonly namespace: string } => {
  const [name] = namesIn(ref.id);
  return {
    apiVersion: "v1",
    kind: "Secret",
    namespace: name?.namespace ?? "default",
    name: name?.name ?? "",
  };
};

export const readKey = (object: KubernetesObject): KeptKey => {
  const privateKey = decoded(object, "identity");
  const publicKey = decoded(object, "identity.pub").trim();
  const fingerprint = sshFingerprint(publicKey);
  return {
    pair:
      privateKey && fingerprint
        ? { privateKey: new Secret(privateKey, "the cluster's Secret"), publicKey }
        : undefined,
    fingerprint,
    knownHosts: decoded(object, "known_hosts"),
    repository: object.metadata.annotations?.[annotations.repository],
    readOnly: object.metadata.annotations?.[annotations.access] !== "write",
    owner: ownerOf(object),
  };
};

const decoded = (object: KubernetesObject, key: string): string => {
  const data = typeof object.data === "object" && object.data !== null ? object.data : {};
  const value: unknown = Reflect.get(data, key);
  return typeof value === "string" ? Buffer.from(value, "base64").toString("utf8") : "";
};

export interface KeyToKeep {
  readonly pair: SshKeyPair;
  readonly knownHosts: string;
  readonly repository: string;
  readonly readOnly: boolean;
}

/** The Secret in Flux's form, v1 and v2: `identity`, `identity.pub`, `known_hosts`. */
export const secretOf = (owner: Owner, ref: Ref, key: KeyToKeep): KubernetesObject => {
  const { namespace, name } = secretName(ref);
  const object: KubernetesObject = {
    apiVersion: "v1",
    kind: "Secret",
    metadata: {
      name,
      namespace,
      annotations: {
        [annotations.repository]: key.repository,
        [annotations.access]: key.readOnly ? "read" : "write",
      },
    },
    type: "Opaque",
    data: {
      identity: encoded(key.pair.privateKey.reveal()),
      "identity.pub": encoded(`${key.pair.publicKey}\n`),
      known_hosts: encoded(key.knownHosts),
    },
  };
  return withMarks(object, marksOf(owner, ref));
};

const encoded = (text: string): string => Buffer.from(text, "utf8").toString("base64");
