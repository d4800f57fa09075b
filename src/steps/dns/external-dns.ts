/** External DNS with Cloudflare: records for Ingresses and Services, under an owner id of its own. */
import { z } from "zod";
import { defineCatalogueStep, releaseInputs } from "../../families/helm/catalogue.ts";
import { cloudflareToken, tokenKey, tokenSecretName } from "../../families/helm/cloudflare-token.ts";
import {
  defaultOwner,
  deploymentName,
  flagsOf,
  removeOwnedRecords,
} from "../../families/helm/external-dns.ts";
import { clusterInput } from "../../families/helm/inputs.ts";
import { isRefusedToken, recentFaults } from "../../families/helm/log-errors.ts";
import { externalDnsHandle } from "../../step/handle.ts";
import { secret } from "../../step/secret.ts";

const domain = () =>
  z
    .string()
    .regex(/^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z0-9-]+$/)
    .describe("A domain, as in `example.com`.");

const input = z.object({
  cluster: clusterInput(),
  token: secret().describe("Cloudflare token that External DNS works with: Zone:Read and DNS:Edit."),
  domainFilters: z
    .array(domain())
    .min(1)
    .describe("Domains that it may write records in; at least one, so that it never sees the others."),
  policy: z
    .enum(["sync", "upsert-only", "create-only"])
    .default("sync")
    .describe("Whether it removes records whose source is gone: only `sync` does."),
  owner: z
    .string()
    .regex(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/)
    .max(63)
    .optional()
    .describe(
      "TXT owner id, which tells its records from those of others. Default: the cluster's name and a hash of where it is.",
    ),
  zoneIdFilters: z
    .array(z.string().describe("Id of a Cloudflare zone."))
    .default([])
    .describe("Zones by id; needed where the token is restricted to zones."),
  sources: z
    .array(z.enum(["ingress", "service", "gateway-httproute", "crd"]).describe("A kind of source."))
    .min(1)
    .default(["ingress", "service"])
    .describe("Where hosts are read from."),
  proxied: z
    .boolean()
    .default(false)
    .describe("Whether records are proxied by Cloudflare unless they say so."),
  annotationPrefix: z
    .string()
    .regex(/^[a-z0-9.-]+\/$/)
    .default("external-dns.alpha.kubernetes.io/")
    .describe("Prefix of the annotations that it reads. External DNS changed its default in v0.22."),
  interval: z
    .string()
    .regex(/^[0-9]+(s|m|h)$/)
    .default("1m")
    .describe("Time between two synchronisations, as in `30s` or `1m`."),
  onEvents: z
    .boolean()
    .default(true)
    .describe(
      "Whether it also synchronises within seconds of a change of an Ingress or Service. External DNS's own default is not to.",
    ),
  logLevel: z
    .enum(["debug", "info", "warning", "error"])
    .default("info")
    .describe("What it writes to its log."),
  ...releaseInputs("external-dns", { namespace: "external-dns", release: "external-dns" }),
});

type Input = z.output<typeof input>;

const ownerOf = (wanted: Input): string =>
  wanted.owner ?? defaultOwner(wanted.cluster, `${wanted.namespace}/${wanted.release}`);

/** 5,000 is the most of a page, and spares the account-wide limit of 1,200 requests in 5 minutes. */
const recordsPerPage = 5000;

export default defineCatalogueStep({
  type: "dns/external-dns",
  summary: "External DNS, which keeps records on Cloudflare for Ingresses and Services.",
  input,
  output: externalDnsHandle,
  outlivesParent: true,
  chart: "external-dns",
  values: {
    fullnameOverride: (wanted) => wanted.release,
    "provider.name": () => "cloudflare",
    env: (wanted) => [
      {
        name: "CF_API_TOKEN",
        valueFrom: { secretKeyRef: { name: tokenSecretName(wanted.release), key: tokenKey } },
      },
    ],
    policy: (wanted) => wanted.policy,
    registry: () => "txt",
    txtOwnerId: ownerOf,
    domainFilters: (wanted) => [...wanted.domainFilters],
    sources: (wanted) => [...wanted.sources],
    annotationPrefix: (wanted) => wanted.annotationPrefix,
    interval: (wanted) => wanted.interval,
    triggerLoopOnEvent: (wanted) => wanted.onEvents,
    logLevel: (wanted) => wanted.logLevel,
    extraArgs: (wanted) => [
      ...wanted.zoneIdFilters.map((zone) => `--zone-id-filter=${zone}`),
      ...(wanted.proxied ? ["--cloudflare-proxied"] : []),
      `--cloudflare-dns-records-per-page=${recordsPerPage}`,
    ],
  },
  effects: {
    txtOwnerId: {
      effect: "refuse",
      reason: "records under the old owner id would be nobody's: destroy the step first, which removes them",
    },
  },
  beside: cloudflareToken((wanted: Input) => wanted.token),
  requires: (wanted) =>
    wanted.domainFilters.map((zone) => ({
      kind: "cloudflare-zone" as const,
      zone,
      token: wanted.token,
      permissions: ["zone:read", "dns:edit"] as const,
    })),
  predict: {
    kind: () => "external-dns" as const,
    cluster: (wanted) => wanted.cluster.id,
    namespace: (wanted) => wanted.namespace,
    deployment: (wanted) => wanted.release,
    owner: ownerOf,
    domainFilters: (wanted) => [...wanted.domainFilters],
    policy: (wanted) => wanted.policy,
  },
  outputs: async (client, ref, release) => {
    const deployment = await client.get(deploymentName(ref));
    const flags = deployment && flagsOf(deployment);
    return {
      kind: "external-dns" as const,
      cluster: ref.within?.id ?? "",
      namespace: release.namespace,
      deployment: release.release,
      owner: flags?.owner ?? String(release.values.txtOwnerId ?? ""),
      domainFilters: [...(flags?.domainFilters ?? [])],
      policy: flags?.policy ?? "sync",
    };
  },
  ready: async (_context, client, _ref, wanted) => {
    const faults = await recentFaults(
      client,
      wanted.namespace,
      `app.kubernetes.io/instance=${wanted.release}`,
    );
    const [first] = faults;
    if (first === undefined) return { ready: true, detail: `owner ${ownerOf(wanted)}` };
    return {
      ready: false,
      reason: `its log says: ${first}`,
      worthWaiting: !faults.some(isRefusedToken),
      hint: "the token needs Zone:Read and DNS:Edit on the zone; one that is restricted to zones also needs `zoneIdFilters`",
      evidence: faults,
    };
  },
  beforeDestroy: removeOwnedRecords,
});
