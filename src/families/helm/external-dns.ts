/** What External DNS leaves in DNS, and how it is taken out again: known from its own Deployment, not from an input. */
import { createHash } from "node:crypto";
import { z } from "zod";
import type { CloudflareClient, DnsRecord } from "../../clients/cloudflare/client.ts";
import { cloudflare } from "../../clients/cloudflare/cloudflare.ts";
import type { KubernetesClient, KubernetesObject, ObjectName } from "../../clients/kubernetes/client.ts";
import type { StepContext } from "../../step/context.ts";
import type { Ref } from "../../step/ref.ts";
import { placeOf } from "./observed.ts";

/** What of its command line says which records are its own. */
export interface ExternalDnsFlags {
  readonly owner: string | undefined;
  readonly domainFilters: readonly string[];
  readonly txtPrefix: string;
  readonly policy: "sync" | "upsert-only" | "create-only";
}

/** Owner ids are unique for a release in a cluster: two with the same one would remove each other's records. */
export const defaultOwner = (
  cluster: { readonly id: string; readonly name: string },
  place: string,
): string =>
  `${cluster.name}-${createHash("sha256").update(`${cluster.id} ${place}`).digest("hex").slice(0, 8)}`;

const deploymentSchema = z.looseObject({
  spec: z.looseObject({
    template: z.looseObject({
      spec: z.looseObject({
        containers: z.array(z.looseObject({ args: z.array(z.string()).nullish() })),
      }),
    }),
  }),
});

/** Reads the arguments of its Deployment. Pure. */
export const flagsOf = (deployment: KubernetesObject): ExternalDnsFlags => {
  const { containers } = deploymentSchema.parse(deployment).spec.template.spec;
  const flags = containers.flatMap(({ args }) => args ?? []);
  const all = (name: string) =>
    flags.flatMap((flag) => (flag.startsWith(`--${name}=`) ? [flag.slice(name.length + 3)] : []));
  const policy = all("policy").at(-1);
  return {
    owner: all("txt-owner-id").at(-1),
    domainFilters: all("domain-filter").flatMap((filter) => filter.split(",")),
    txtPrefix: all("txt-prefix").at(-1) ?? "",
    policy: policy === "upsert-only" || policy === "create-only" ? policy : "sync",
  };
};

export const deploymentName = (ref: Ref): ObjectName => {
  const { namespace, release } = placeOf(ref);
  return { apiVersion: "apps/v1", kind: "Deployment", namespace, name: release };
};

/**
 * Which of a zone's records belong to an owner: its TXT records and what each of them registers. Since v0.18 the TXT
 * record of `A real.example.test` is `a-real.example.test`, and says
 * `"heritage=external-dns,external-dns/owner=…,external-dns/resource=…"`. Pure.
 */
export const ownedRecords = (
  records: readonly DnsRecord[],
  { owner, domainFilters, txtPrefix }: ExternalDnsFlags,
): readonly DnsRecord[] => {
  if (owner === undefined) return [];
  const registry = records.filter(
    ({ type, name, content }) =>
      type === "TXT" &&
      domainFilters.some((filter) => isWithin(name, filter)) &&
      unquoted(content).split(",").includes(`external-dns/owner=${owner}`) &&
      unquoted(content).startsWith("heritage=external-dns"),
  );
  const registered = new Set(registry.map(({ name }) => registeredBy(name, txtPrefix)));
  const made = records.filter(
    ({ type, name }) => type !== "TXT" && registered.has(`${type} ${name}`.toLowerCase()),
  );
  return [...made, ...registry];
};

const unquoted = (content: string): string => content.replaceAll('"', "");

const isWithin = (name: string, domain: string): boolean => {
  const bare = domain.replace(/^\./, "").toLowerCase();
  const full = name.toLowerCase();
  // The registry's name puts its type before the first label, hence also before the domain itself.
  return (
    full === bare ||
    full.endsWith(`.${bare}`) ||
    (/^[a-z]+-/.test(full) && full.replace(/^[a-z]+-/, "") === bare)
  );
};

/** `a-real.example.test` → `a real.example.test`. */
const registeredBy = (name: string, prefix: string): string => {
  const rest = name.toLowerCase().startsWith(prefix.toLowerCase()) ? name.slice(prefix.length) : name;
  const at = rest.indexOf("-");
  return `${rest.slice(0, at)} ${rest.slice(at + 1)}`.toLowerCase();
};

/** Stops External DNS, so that it makes nothing anew, and removes the records that carry its owner id. */
export const removeOwnedRecords = async (
  context: StepContext,
  client: KubernetesClient,
  ref: Ref,
): Promise<void> => {
  const deployment = await client.get(deploymentName(ref));
  if (!deployment) return;
  const flags = flagsOf(deployment);
  await scaleToZero(context, client, deployment);
  if (flags.owner === undefined) return;
  const dns = await context.use(cloudflare);
  for (const zone of await zonesOf(dns, flags.domainFilters)) {
    const owned = ownedRecords(await dns.records.list(zone.id), flags);
    if (owned.length === 0) continue;
    await context.fence();
    await dns.records.batch(zone.id, { deletes: owned.map(({ id }) => id) });
    context.report({
      kind: "notice",
      message: `${owned.length} records of owner ${flags.owner} removed from ${zone.name}`,
    });
  }
};

const zonesOf = async (dns: CloudflareClient, filters: readonly string[]) => {
  const found = await Promise.all(filters.map((filter) => dns.zones.find(filter)));
  const zones = found.filter((zone) => zone !== undefined);
  return [...new Map(zones.map((zone) => [zone.id, zone])).values()];
};

const scaleToZero = async (
  context: StepContext,
  client: KubernetesClient,
  deployment: KubernetesObject,
): Promise<void> => {
  const { namespace, name } = deployment.metadata;
  await context.fence();
  await client.patch(
    { apiVersion: deployment.apiVersion, kind: deployment.kind, namespace, name },
    { spec: { replicas: 0 } },
  );
  for (;;) {
    const pods = await client.list(
      { apiVersion: "v1", kind: "Pod" },
      {
        ...(namespace === undefined ? {} : { namespace }),
        labelSelector: `app.kubernetes.io/instance=${name}`,
      },
    );
    if (pods.length === 0) return;
    context.report({ kind: "waiting", reason: `${name} to stop` });
    await context.clock.sleep(context.environment.pollInterval, context.signal);
  }
};
