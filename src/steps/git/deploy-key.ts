/**
 * An SSH key pair of our own making for one repository: kept in the cluster as a Secret that Flux reads, registered
 * at GitHub where a token allows it, and by a person elsewhere. Ready means that the key opens the repository.
 */
import { z } from "zod";
import { knownHostsOf } from "../../clients/git/known-hosts.ts";
import { parseRepository } from "../../clients/git/repository.ts";
import { generateSshKeyPair } from "../../clients/git/ssh-key.ts";
import { kubernetes } from "../../clients/kubernetes/kubernetes.ts";
import { type KeptKey, readKey, secretName, secretOf } from "../../families/git/kept-key.ts";
import { proven } from "../../families/git/proven.ts";
import {
  findRegistration,
  type Registration,
  register,
  unregister,
} from "../../families/git/registration.ts";
import { kubernetesFamily } from "../../families/kubernetes/family.ts";
import { isOwnedBy } from "../../families/kubernetes/marks.ts";
import { ensureNamespace, removeEmptyNamespace } from "../../families/kubernetes/namespace.ts";
import { objectId } from "../../families/kubernetes/object-id.ts";
import { persist } from "../../families/kubernetes/removal.ts";
import type { StepContext } from "../../step/context.ts";
import { Failure } from "../../step/failure.ts";
import { clusterHandle, clusterRef, type DeployKeyHandle, deployKeyHandle } from "../../step/handle.ts";
import type { Ref } from "../../step/ref.ts";
import { defineStep } from "../../step/step.ts";

const type = "git/deploy-key";
const objectName = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/;

const input = z.object({
  cluster: clusterHandle.describe("The cluster that keeps the key."),
  repository: z
    .string()
    .min(3)
    .describe("The repository: `owner/name` on GitHub, `git@host:path`, `ssh://…` or `https://…`."),
  namespace: z
    .string()
    .regex(objectName)
    .max(63)
    .default("flux-system")
    .describe("Namespace of the Secret. It is made when missing, and then goes with the last thing in it."),
  name: z.string().regex(objectName).max(63).default("git-deploy-key").describe("Name of the Secret."),
  readOnly: z.boolean().default(true).describe("False where Flux writes back to the repository."),
  title: z
    .string()
    .max(255)
    .optional()
    .describe("Title at GitHub. Default: `provision` with pipeline, instance and step."),
  knownHosts: z
    .string()
    .optional()
    .describe(
      "Lines of `known_hosts` for the host, as `ssh-keyscan` prints them. Default: GitHub's; needed elsewhere.",
    ),
});
type Input = z.output<typeof input>;

interface Actual {
  readonly kept: KeptKey;
  readonly registration: Registration;
}

const sshAddress = (wanted: Input): string => parseRepository(wanted.repository)?.ssh ?? wanted.repository;
const knownHosts = (wanted: Input): string =>
  wanted.knownHosts ?? knownHostsOf(parseRepository(wanted.repository)?.host ?? "") ?? "";

const keptAt = async (context: StepContext, ref: Ref): Promise<KeptKey | undefined> => {
  if (!ref.within) return undefined;
  const client = await context.use(kubernetes(ref.within));
  const object = await client.get(secretName(ref));
  return object && readKey(object);
};

const look = async (context: StepContext, ref: Ref): Promise<Actual | undefined> => {
  const kept = await keptAt(context, ref);
  if (!kept) return undefined;
  const registration: Registration =
    kept.pair && kept.repository
      ? await findRegistration(context, kept.repository, kept.pair.publicKey)
      : { state: "missing" };
  return { kept, registration };
};

export default defineStep<Input, DeployKeyHandle, Actual>({
  type,
  version: 1,
  summary: "An SSH key for one git repository, kept in the cluster and registered at GitHub.",
  family: kubernetesFamily,
  outlivesParent: true,
  input,
  output: deployKeyHandle,
  volatile: ["repository", "publicKey", "fingerprint"],

  locate: (wanted) => ({
    type,
    version: 1,
    id: objectId({ apiVersion: "v1", kind: "Secret", namespace: wanted.namespace, name: wanted.name }),
    within: clusterRef(wanted.cluster),
  }),
  predict: {
    kind: () => "deploy-key",
    namespace: (wanted) => wanted.namespace,
    secret: (wanted) => wanted.name,
    repository: sshAddress,
  },

  observe: async (context, ref) => {
    const actual = await look(context, ref);
    if (!actual) return { state: "absent" };
    const { kept } = actual;
    const { namespace, name } = secretName(ref);
    return {
      state: "present",
      actual,
      owner: kept.owner,
      output: {
        kind: "deploy-key",
        namespace,
        secret: name,
        repository: kept.repository ?? "",
        publicKey: kept.pair?.publicKey ?? "",
        fingerprint: kept.fingerprint ?? "",
      },
    };
  },

  fields: (wanted, actual) => [
    {
      path: "repository",
      desired: () => sshAddress(wanted),
      actual: actual?.kept.repository,
      effect: "update",
    },
    {
      path: "access",
      desired: () => (wanted.readOnly ? "read" : "write"),
      actual: actual && (accessOf(actual) ? "read" : "write"),
      effect: "update",
    },
    {
      path: "known hosts",
      desired: () => knownHosts(wanted),
      actual: actual?.kept.knownHosts,
      effect: "update",
    },
    { path: "key pair", desired: () => "Ed25519", actual: actual?.kept.pair && "Ed25519", effect: "update" },
    {
      path: "registered",
      desired: () => true,
      actual: actual && actual.registration.state !== "missing",
      effect: "update",
    },
  ],

  apply: async (context, ref, wanted, observed) => {
    const repository = sshAddress(wanted);
    if (!parseRepository(wanted.repository)) throw notUnderstood(wanted.repository);
    if (knownHosts(wanted) === "") throw withoutHostKeys(repository);
    const before = observed.state === "present" ? observed.actual.kept : undefined;
    const stays = before?.repository === repository || before?.repository === undefined;
    // A key opens one repository only, so another repository gets another pair.
    if (before?.pair && before.repository && !stays) {
      await unregister(context, before.repository, before.pair.publicKey);
    }
    const { pipeline, instance, step } = context.owner;
    const title = wanted.title ?? `provision ${pipeline}/${instance}/${step}`;
    const pair = (stays ? before?.pair : undefined) ?? generateSshKeyPair(title);
    const client = await context.use(kubernetes(clusterRef(wanted.cluster)));
    await ensureNamespace(context, client, wanted.namespace, ref);
    await context.fence();
    const key = { pair, repository, readOnly: wanted.readOnly, knownHosts: knownHosts(wanted) };
    await client.apply(secretOf(context.owner, ref, key), { force: true });
    await register(context, { repository, publicKey: pair.publicKey, readOnly: wanted.readOnly, title });
  },

  verify: async (context, ref) => {
    const actual = await look(context, ref);
    const { pair, repository } = actual?.kept ?? {};
    if (!actual || !pair || !repository) {
      return { ready: false, reason: "the cluster has no complete key pair", worthWaiting: true };
    }
    const { registration } = actual;
    if (registration.state === "registered") {
      const access = registration.key.readOnly ? "read-only" : "read and write";
      return { ready: true, detail: `registered at GitHub as "${registration.key.title}", ${access}` };
    }
    if (registration.state === "missing") {
      return { ready: false, reason: "GitHub does not list the key yet", worthWaiting: true };
    }
    return proven(context, actual.kept, pair, repository, registration.because);
  },

  destroy: async (context, ref) => {
    const kept = await keptAt(context, ref);
    if (!ref.within || (kept && !isOwnedBy(kept.owner, context.owner))) return;
    // First there, then here: without the Secret nobody knows any more which key it was.
    if (kept?.pair && kept.repository) await unregister(context, kept.repository, kept.pair.publicKey);
    // What lives in the cluster alone goes with it.
    if (context.dies(ref.within)) return;
    await context.fence();
    const client = await context.use(kubernetes(ref.within));
    if (kept) await client.delete(secretName(ref));
    await persist(context, () => removeEmptyNamespace(context, client, secretName(ref).namespace));
  },
});

/** As GitHub has it, where it tells; else as it was asked for. */
const accessOf = ({ kept, registration }: Actual): boolean =>
  registration.state === "registered" ? registration.key.readOnly : kept.readOnly;

const notUnderstood = (repository: string): Failure =>
  new Failure({
    kind: "rejected",
    code: "P0482",
    message: `\`${repository}\` is no address of a git repository`,
    hint: "write it as `owner/name`, `git@host:owner/name`, `ssh://git@host/owner/name` or `https://host/owner/name`",
  });

const withoutHostKeys = (repository: string): Failure =>
  new Failure({
    kind: "rejected",
    code: "P0483",
    message: `the host keys of ${repository} are not known`,
    hint: `set \`knownHosts\` to what \`ssh-keyscan ${parseRepository(repository)?.host ?? "HOST"}\` prints, after comparing the fingerprints with the host's own page`,
  });
