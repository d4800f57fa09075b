/**
 * `certificates/cluster-issuers`: a staging and a production ClusterIssuer of an ACME authority, done when both
 * accounts are registered. Tokens for DNS01 are in a Secret beside cert-manager, never in an issuer.
 */
import { z } from "zod";
import type { KubernetesClient, KubernetesObject, ObjectName } from "../../clients/kubernetes/client.ts";
import { kubernetes } from "../../clients/kubernetes/kubernetes.ts";
import { type Draft, isEntries } from "../../families/kubernetes/draft.ts";
import { conditionOf, eventsOf, logLinesOf } from "../../families/kubernetes/evidence.ts";
import { removeEmptyNamespace } from "../../families/kubernetes/namespace.ts";
import { namesIn, objectId, shownName } from "../../families/kubernetes/object-id.ts";
import { clusterIn, defineObjectsStep, readObjects } from "../../families/kubernetes/objects-step.ts";
import { belongsTo, persist } from "../../families/kubernetes/removal.ts";
import { Failure } from "../../step/failure.ts";
import { certManagerHandle, clusterHandle, issuersHandle } from "../../step/handle.ts";
import type { Ref } from "../../step/ref.ts";
import { secret } from "../../step/secret.ts";
import type { Datum, Verdict } from "../../step/step.ts";
import { accountKeyName, markAccountKeys, removeAccountKeys } from "./account-keys.ts";

const issuerName = () =>
  z
    .string()
    .regex(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/)
    .max(200);

const solver = z.object({
  http01: z
    .object({
      ingressClass: z.string().min(1).describe("IngressClass that answers the challenge, as in `nginx`."),
    })
    .optional()
    .describe("Proves a name by a page at it, through an ingress controller. Not for wildcards."),
  dns01: z
    .object({
      cloudflare: z
        .object({ token: secret().describe("Cloudflare token: Zone:Read and DNS:Edit on the zones.") })
        .describe("The zone is on Cloudflare."),
    })
    .optional()
    .describe("Proves a name by a TXT record; also for wildcards."),
  dnsZones: z
    .array(z.string().min(1))
    .default([])
    .describe("Takes this solver for names in these zones only. The longest match wins."),
  dnsNames: z.array(z.string().min(1)).default([]).describe("Takes this solver for exactly these names."),
});

const input = z.object({
  cluster: clusterHandle.describe("The cluster that cert-manager runs in."),
  certManager: certManagerHandle.describe("The cert-manager that issues."),
  email: z
    .string()
    .regex(/^([^@\s]+@[^@\s]+)?$/)
    .default("")
    .describe("Where the authority writes to about its accounts. Empty for none."),
  stagingName: issuerName().default("letsencrypt-staging").describe("Name of the staging ClusterIssuer."),
  productionName: issuerName()
    .default("letsencrypt-production")
    .describe("Name of the production ClusterIssuer."),
  stagingServer: z
    .string()
    .regex(/^https:\/\//)
    .default("https://acme-staging-v02.api.letsencrypt.org/directory")
    .describe("ACME directory for trials. Default: Let's Encrypt's staging."),
  productionServer: z
    .string()
    .regex(/^https:\/\//)
    .default("https://acme-v02.api.letsencrypt.org/directory")
    .describe("ACME directory that issues trusted certificates. Default: Let's Encrypt's."),
  solvers: z.array(solver).min(1).describe("How a name is proven; each has `http01`, `dns01` or both."),
});

type Input = z.output<typeof input>;

const issuerKind = { apiVersion: "cert-manager.io/v1", kind: "ClusterIssuer" } as const;

/** Named after the production issuer, so that two pairs in one cluster have one each. */
const tokenSecret = ({ certManager, productionName }: Input): ObjectName => ({
  apiVersion: "v1",
  kind: "Secret",
  namespace: certManager.namespace,
  name: `${productionName}-cloudflare`,
});

const tokenKey = (index: number): string => `token-${index + 1}`;

const solversOf = (wanted: Input): readonly Datum[] => {
  const solvers = wanted.solvers.flatMap(({ http01, dns01, dnsZones, dnsNames }, index) => {
    const selector = {
      ...(dnsZones.length > 0 && { dnsZones }),
      ...(dnsNames.length > 0 && { dnsNames }),
    };
    const common = Object.keys(selector).length > 0 ? { selector } : {};
    const made: Datum[] = [];
    if (http01) made.push({ http01: { ingress: { ingressClassName: http01.ingressClass } }, ...common });
    if (dns01) {
      const apiTokenSecretRef = { name: tokenSecret(wanted).name, key: tokenKey(index) };
      made.push({ dns01: { cloudflare: { apiTokenSecretRef } }, ...common });
    }
    return made;
  });
  if (solvers.length > 0) return solvers;
  throw new Failure({
    kind: "rejected",
    code: "P0715",
    message: "no solver says how a name is proven",
    hint: "Give at least one of `solvers` an `http01` or a `dns01`.",
  });
};

const issuer = (wanted: Input, name: string, server: () => string): Draft => ({
  ...issuerKind,
  metadata: { name },
  spec: {
    acme: {
      server,
      email: () => wanted.email || undefined,
      privateKeySecretRef: { name: accountKeyName(name) },
      solvers: () => solversOf(wanted),
    },
  },
});

const tokens = (wanted: Input): readonly Draft[] => {
  const { name, namespace } = tokenSecret(wanted);
  const entries = wanted.solvers.flatMap(({ dns01 }, index): [string, unknown][] =>
    dns01 ? [[tokenKey(index), () => dns01.cloudflare.token]] : [],
  );
  if (entries.length === 0) return [];
  const stringData = Object.fromEntries(entries);
  return [{ apiVersion: "v1", kind: "Secret", metadata: { name, namespace }, type: "Opaque", stringData }];
};

const issuersIn = (ref: Ref): readonly string[] =>
  namesIn(ref.id)
    .filter((name) => name.kind === issuerKind.kind)
    .map((name) => name.name);

/** What the authority itself refused; asking it again would only count against its limits. */
const refused =
  /urn:ietf:params:acme:error:(invalidContact|unsupportedContact|malformed|rejectedIdentifier|externalAccountRequired|userActionRequired)/;

const isRegistered = (object: KubernetesObject): boolean => {
  const acme = isEntries(object.status) ? object.status.acme : undefined;
  return isEntries(acme) && typeof acme.uri === "string" && acme.uri !== "";
};

const judge = async (
  client: KubernetesClient,
  object: KubernetesObject,
  namespace: string,
): Promise<Verdict> => {
  const { name, generation = 0 } = object.metadata;
  const condition = conditionOf(object, "Ready");
  const current = (condition?.observedGeneration ?? generation) >= generation;
  if (condition?.status === "True" && current && isRegistered(object)) return { ready: true };
  const said = condition && current ? condition.message || condition.reason : "";
  return {
    ready: false,
    reason: `${shownName({ ...issuerKind, name })}: ${said || "cert-manager has not registered its account yet"}`,
    worthWaiting: !refused.test(said),
    hint: /invalidContact|unsupportedContact/.test(said)
      ? "Set `email` to an address that the authority accepts, or leave it empty."
      : undefined,
    evidence: [
      ...(await eventsOf(client, { ...issuerKind, name })),
      ...(await logLinesOf(client, namespace, "app.kubernetes.io/component=controller", {
        tail: 5,
        pods: 1,
      })),
    ],
  };
};

const issuersStep = defineObjectsStep({
  type: "certificates/cluster-issuers",
  version: 1,
  summary: "Staging and production ClusterIssuers of Let's Encrypt or another ACME authority",
  input,
  output: issuersHandle,
  predict: {
    cluster: ({ cluster }) => cluster.id,
    staging: ({ stagingName }) => stagingName,
    production: ({ productionName }) => productionName,
  },
  requires: ({ solvers }) =>
    solvers.flatMap(({ dns01, dnsZones }) =>
      dns01
        ? dnsZones.map((zone) => ({
            kind: "cloudflare-zone" as const,
            zone,
            token: dns01.cloudflare.token,
            permissions: ["zone:read" as const, "dns:edit" as const],
          }))
        : [],
    ),
  cluster: ({ cluster }) => cluster.id,
  names: (wanted) => [
    tokenSecret(wanted),
    { ...issuerKind, name: wanted.stagingName },
    { ...issuerKind, name: wanted.productionName },
  ],
  drafts: (wanted) => [
    ...tokens(wanted),
    issuer(wanted, wanted.stagingName, () => wanted.stagingServer),
    issuer(wanted, wanted.productionName, () => wanted.productionServer),
  ],
  outputs: (_, ref) => {
    const [staging = "", production = ""] = issuersIn(ref);
    return { kind: "issuers", cluster: ref.within?.id ?? "", staging, production };
  },
  check: async (_, client, live, wanted) => {
    for (const name of [wanted.stagingName, wanted.productionName]) {
      const object = live.get(objectId({ ...issuerKind, name }));
      if (!object) continue;
      const verdict = await judge(client, object, wanted.certManager.namespace);
      if (!verdict.ready) return verdict;
    }
    return { ready: true, detail: "both ACME accounts are registered" };
  },
});

/** Where the Ref has the Secret of tokens: cert-manager's own namespace. */
const namespaceIn = (ref: Ref): string =>
  namesIn(ref.id).find(({ kind }) => kind === "Secret")?.namespace ?? "";

export default {
  ...issuersStep,

  destroy: async (context, ref) => {
    const client = await context.use(kubernetes(clusterIn(ref)));
    const namespace = namespaceIn(ref);
    const issuers = issuersIn(ref).map((name) => ({ ...issuerKind, name }));
    const live = await readObjects(client, issuers);
    const ours = [...live.values()].filter((issuer) => belongsTo(issuer, ref, context.owner));
    await markAccountKeys(context, client, ref, namespace, ours);
    // What follows is of no use while they are there, and nobody would come back for it once they are gone.
    await persist(context, () => issuersStep.destroy(context, ref));
    await removeAccountKeys(context, client, ref, namespace, issuersIn(ref));
    await persist(context, () => removeEmptyNamespace(context, client, namespace));
  },
} satisfies typeof issuersStep;
