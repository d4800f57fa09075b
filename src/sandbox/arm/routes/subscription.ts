/** The subscription itself: its description, tenants, regions, provider registrations, and lists across types. */
import type { Reply } from "../../http/call.ts";
import { allRegions } from "../catalogue/regions.ts";
import type { Core } from "../core.ts";
import { ArmError } from "../errors.ts";
import { placeOf } from "../id.ts";
import { groupNamed } from "./groups.ts";
import { showResource } from "./resource-parts.ts";
import { filterOf, matchesTags, page, type Request, type Route, requireAction } from "./route.ts";

const describe = (core: Core): Record<string, unknown> => ({
  id: `/subscriptions/${core.arm.settings.subscription}`,
  subscriptionId: core.arm.settings.subscription,
  tenantId: core.arm.settings.tenant,
  displayName: "Sandbox",
  state: "Enabled",
  authorizationSource: "RoleBased",
  subscriptionPolicies: {
    locationPlacementId: "Public_2014-09-01",
    quotaId: "PayAsYouGo_2014-09-01",
    spendingLimit: "Off",
  },
});

/** Providers besides those of the kinds: known, so that asking after them is no error. */
const otherProviders = [
  "Microsoft.Compute",
  "Microsoft.Storage",
  "Microsoft.KeyVault",
  "Microsoft.ContainerRegistry",
  "Microsoft.Insights",
  "Microsoft.Cdn",
  "Microsoft.OperationsManagement",
  "Microsoft.Resources",
];

const namespaces = (core: Core): readonly string[] => [
  ...new Set([...core.kinds.map((kind) => kind.type.split("/")[0] ?? ""), ...otherProviders]),
];

/** Cloud providers read the regions' zones from the type of virtual machines. */
const virtualMachines = (): Record<string, unknown> => ({
  resourceType: "virtualMachines",
  locations: allRegions().map((region) => region.displayName),
  zoneMappings: allRegions()
    .filter((region) => region.zones.length > 0)
    .map((region) => ({ location: region.displayName, zones: region.zones })),
  apiVersions: [],
});

const showProvider = (core: Core, namespace: string): Record<string, unknown> => ({
  id: `/subscriptions/${core.arm.settings.subscription}/providers/${namespace}`,
  namespace,
  registrationPolicy: "RegistrationRequired",
  registrationState: core.arm.state.providers[namespace.toLowerCase()] ?? "Registered",
  resourceTypes: [
    ...core.kinds
      .filter((kind) => kind.type.startsWith(`${namespace}/`))
      .map((kind) => ({
        resourceType: kind.type.split("/").slice(1).join("/"),
        locations: allRegions().map((region) => region.displayName),
        apiVersions: [],
      })),
    ...(namespace === "Microsoft.Compute" ? [virtualMachines()] : []),
  ],
});

const providerNamed = (core: Core, name: string): string => {
  const namespace = namespaces(core).find((known) => known.toLowerCase() === name.toLowerCase());
  if (namespace === undefined) {
    throw new ArmError(404, "InvalidResourceNamespace", `The resource namespace '${name}' is invalid.`);
  }
  return namespace;
};

const register = (request: Request): Reply => {
  const { core } = request;
  const namespace = providerNamed(core, request.parts[1] ?? "");
  requireAction(request, `${namespace}/register/action`, `/subscriptions/${core.arm.settings.subscription}`);
  const key = namespace.toLowerCase();
  const { providers } = core.arm.state;
  if ((providers[key] ?? "Registered") === "NotRegistered") {
    providers[key] = "Registering";
    core.arm.changed();
    core.pace.after(30_000, () => {
      if (core.arm.state.providers[key] === "Registering") core.arm.state.providers[key] = "Registered";
      core.arm.changed();
    });
  }
  return { status: 200, body: showProvider(core, namespace) };
};

/**
 * The generic list of resources, of the subscription or of a group. Extensions (locks, roles) are not in it. As
 * Azure documents, tags are left out of a list that is filtered by them.
 */
const resources = (request: Request): Reply => {
  const { core, call } = request;
  const scope = call.path.replace(/\/resources\/?$/i, "");
  requireAction(request, "Microsoft.Resources/subscriptions/resources/read", scope);
  const { group } = placeOf(scope);
  if (group !== undefined) groupNamed(core, group);
  const filter = filterOf(call);
  const type = filter.get("resourcetype")?.toLowerCase();
  const inGroup = filter.get("resourcegroup")?.toLowerCase();
  const name = filter.get("name")?.toLowerCase();
  const found = core.kinds
    .filter((kind) => kind.located && (type === undefined || kind.type.toLowerCase() === type))
    .flatMap((kind) => core.list(kind, scope).map((resource) => ({ kind, resource })))
    .filter(
      ({ resource }) =>
        (inGroup === undefined || placeOf(resource.id).group?.toLowerCase() === inGroup) &&
        (name === undefined || resource.name.toLowerCase() === name),
    )
    .map(({ kind, resource }) => showResource(core, kind, resource))
    .filter((shown) => matchesTags(asRecord(shown.tags), filter))
    .map(({ properties: _, etag: __, eTag: ___, zones: ____, tags, ...rest }) =>
      filter.has("tagname") ? rest : { ...rest, tags },
    );
  return page(core, call, found);
};

const asRecord = (value: unknown): Readonly<Record<string, unknown>> | undefined =>
  typeof value === "object" && value !== null ? Object.fromEntries(Object.entries(value)) : undefined;

export const subscriptionRoutes: readonly Route[] = [
  {
    method: "GET",
    pattern: /^\/subscriptions\/?$/i,
    answer: ({ core }) => ({
      status: 200,
      body: { value: [describe(core)], count: { type: "Total", value: 1 } },
    }),
  },
  {
    method: "GET",
    pattern: /^\/subscriptions\/([^/]+)\/?$/i,
    answer: ({ core }) => ({ status: 200, body: describe(core) }),
  },
  {
    method: "GET",
    pattern: /^\/tenants\/?$/i,
    answer: ({ core }) => {
      const { tenant } = core.arm.settings;
      return {
        status: 200,
        body: { value: [{ id: `/tenants/${tenant}`, tenantId: tenant, displayName: "Sandbox" }] },
      };
    },
  },
  {
    method: "GET",
    pattern: /^\/subscriptions\/([^/]+)\/locations\/?$/i,
    answer: ({ core }) => ({
      status: 200,
      body: {
        value: allRegions().map((region) => ({
          id: `/subscriptions/${core.arm.settings.subscription}/locations/${region.name}`,
          name: region.name,
          displayName: region.displayName,
          regionalDisplayName: region.displayName,
          type: "Region",
          metadata: { regionType: "Physical", regionCategory: "Recommended" },
          availabilityZoneMappings: region.zones.map((zone) => ({
            logicalZone: zone,
            physicalZone: `${region.name}-az${zone}`,
          })),
        })),
      },
    }),
  },
  {
    method: "GET",
    pattern: /^\/subscriptions\/([^/]+)\/providers\/?$/i,
    answer: ({ core, call }) =>
      page(
        core,
        call,
        namespaces(core).map((name) => showProvider(core, name)),
      ),
  },
  {
    method: "GET",
    pattern: /^\/subscriptions\/([^/]+)\/providers\/([^/]+)\/?$/i,
    answer: ({ core, parts }) => ({
      status: 200,
      body: showProvider(core, providerNamed(core, parts[1] ?? "")),
    }),
  },
  {
    method: "POST",
    pattern: /^\/subscriptions\/([^/]+)\/providers\/([^/]+)\/register\/?$/i,
    answer: register,
  },
  {
    method: "GET",
    pattern: /^\/subscriptions\/([^/]+)(?:\/resourcegroups\/[^/]+)?\/resources\/?$/i,
    answer: resources,
  },
];
