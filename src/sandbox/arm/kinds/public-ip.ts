/** Microsoft.Network/publicIPAddresses: https://learn.microsoft.com/rest/api/virtualnetwork/public-ip-addresses */
import { z } from "zod";
import { publicIpUsage } from "../catalogue/limits.ts";
import { regionOf } from "../catalogue/regions.ts";
import { defineKind } from "../define-kind.ts";
import { ArmError, badRequest } from "../errors.ts";
import { keyOf } from "../id.ts";
import type { Arm, Write } from "../kind.ts";
import { derivedGuid } from "./derived-guid.ts";
import { addressOf } from "./public-ip-address.ts";

const type = "Microsoft.Network/publicIPAddresses";

const schema = z.looseObject({
  location: z.string(),
  tags: z.record(z.string(), z.string()).nullish(),
  zones: z.array(z.string()).nullish(),
  sku: z.looseObject({ name: z.string().optional(), tier: z.string().optional() }).optional(),
  properties: z
    .looseObject({
      publicIPAllocationMethod: z.string().optional(),
      publicIPAddressVersion: z.string().optional(),
      idleTimeoutInMinutes: z.number().optional(),
      ipAddress: z.string().optional(),
      dnsSettings: z
        .looseObject({ domainNameLabel: z.string().optional(), fqdn: z.string().optional() })
        .optional(),
    })
    .default({}),
});

type Address = z.infer<typeof schema>;

const skuOf = (body: Address): string => body.sku?.name ?? "Basic";

const checkSku = ({ body, name, id }: Write<Address>): void => {
  const sku = skuOf(body);
  if (sku === "Basic") {
    throw badRequest(
      "IPv4BasicSkuPublicIpCountLimitReached",
      "Cannot create more than 0 IPv4 Basic SKU public IP addresses for this subscription in this region.",
    );
  }
  if (sku !== "Standard" && sku !== "StandardV2") {
    throw badRequest("InvalidPublicIPSku", `SKU '${sku}' of public IP address '${name}' is not valid.`);
  }
  if (body.properties.publicIPAllocationMethod !== "Static") {
    throw badRequest(
      "StandardSkuPublicIPAddressesMustBeStatic",
      `Standard sku publicIp ${id} must have AllocationMethod set to Static.`,
    );
  }
  const timeout = body.properties.idleTimeoutInMinutes;
  if (timeout !== undefined && (timeout < 4 || timeout > 30)) {
    throw badRequest(
      "InvalidIdleTimeoutValue",
      `Idle timeout value ${timeout} of public IP address ${id} is out of range. It must be between 4 and 30 minutes.`,
    );
  }
};

const checkZones = ({ body, id }: Write<Address>): void => {
  const offered = regionOf(body.location)?.zones ?? [];
  const wanted = body.zones ?? [];
  if (wanted.length > 0 && offered.length === 0) {
    throw badRequest(
      "LocationNotSupportAvailabilityZones",
      `The resource '${id}' does not support availability zones at location '${body.location}'.`,
    );
  }
  const unknown = wanted.find((zone) => !offered.includes(zone));
  if (unknown !== undefined) {
    throw badRequest(
      "InvalidAvailabilityZone",
      `The zone(s) '${unknown}' for resource '${type}' is not supported. The supported zones for location '${body.location}' are '${offered.join(",")}'.`,
    );
  }
};

/** ARM ids of the addresses that have this name. */
export const holdersOf = (arm: Arm, fqdn: string): readonly string[] =>
  arm
    .ofType(type)
    .filter(({ body }) => schema.safeParse(body).data?.properties.dnsSettings?.fqdn === fqdn)
    .map(({ id }) => id);

const checkLabel = ({ arm, body, id }: Write<Address>): void => {
  const label = body.properties.dnsSettings?.domainNameLabel;
  if (label === undefined) return;
  if (!/^[a-z][a-z0-9-]{1,61}[a-z0-9]$/.test(label)) {
    throw badRequest(
      "InvalidDomainNameLabel",
      `The domain name label ${label} is invalid. It must conform to the following regular expression: ^[a-z][a-z0-9-]{1,61}[a-z0-9]$.`,
    );
  }
  const fqdn = `${label}.${body.location}.cloudapp.azure.com`;
  if (holdersOf(arm, fqdn).some((holder) => keyOf(holder) !== keyOf(id))) {
    throw badRequest("DnsRecordInUse", `DNS record ${fqdn} is already used by another public IP.`);
  }
};

const checkChange = ({ body, before, id }: Write<Address>): void => {
  if (!before) return;
  if (skuOf(before) !== skuOf(body)) {
    throw badRequest(
      "PublicIPAddressSkuCannotBeChanged",
      `A sku change is not allowed on the public IP address ${id}: from ${skuOf(before)} to ${skuOf(body)}.`,
    );
  }
  const zones = (value: Address): string => [...(value.zones ?? [])].sort().join(",");
  if (zones(before) !== zones(body)) {
    throw new ArmError(
      400,
      "ResourceAvailabilityZonesCannotBeModified",
      `Resource ${id} has an existing availability zone constraint ${zones(before)} and the request has availability zone constraint ${zones(body)}, which do not match. Zones cannot be added/updated/removed once the resource is created.`,
    );
  }
};

const checkQuota = ({ arm, body, before }: Write<Address>): void => {
  if (before) return;
  const usage = publicIpUsage(arm, body.location);
  if (usage.current < usage.limit) return;
  throw badRequest(
    "PublicIPCountLimitReached",
    `Cannot create more than ${usage.limit} public IP addresses for this subscription in this region.`,
  );
};

const complete = ({ arm, id, body, before }: Write<Address>): Address => {
  const label = body.properties.dnsSettings?.domainNameLabel;
  return {
    ...body,
    sku: { tier: "Regional", ...body.sku },
    properties: {
      publicIPAddressVersion: "IPv4",
      idleTimeoutInMinutes: 4,
      ipTags: [],
      ddosSettings: { protectionMode: "VirtualNetworkInherited" },
      resourceGuid: derivedGuid(id, "resource"),
      ...body.properties,
      ipAddress: before?.properties.ipAddress ?? addressOf(arm, id),
      ...(label === undefined
        ? {}
        : {
            dnsSettings: {
              ...body.properties.dnsSettings,
              fqdn: `${label}.${body.location}.cloudapp.azure.com`,
            },
          }),
    },
  };
};

export const publicIp = defineKind<Address>({
  type,
  home: "group",
  located: true,
  schema,
  validate(write) {
    checkSku(write);
    checkZones(write);
    checkLabel(write);
    checkChange(write);
    checkQuota(write);
  },
  create: complete,
  update: complete,
  creating: "Updating",
  asynchronous: { create: 3_000, update: 2_000, remove: 5_000 },
  etag: { field: "etag", conditional: true },
  busy: (operation) =>
    new ArmError(
      409,
      "AnotherOperationInProgress",
      `Another operation on this or dependent resource is in progress. To retrieve status of the operation use uri: ${operation.id}.`,
    ),
  refuseRemoval({ arm, id }) {
    const user = arm.state.attached[keyOf(id)];
    if (user === undefined) return;
    throw badRequest(
      "PublicIPAddressCannotBeDeleted",
      `Public IP address ${id} can not be deleted since it is still allocated to resource ${user}. In order to delete the public IP, disassociate/detach the Public IP address from the resource.  To learn how to do this, see aka.ms/deletepublicip.`,
    );
  },
  show({ arm, id, body }) {
    const user = arm.state.attached[keyOf(id)];
    // The answer to a creation does not say the address yet.
    const { ipAddress: _, ...unallocated } = body.properties;
    return {
      ...body,
      properties: {
        ...(arm.running(id)?.action === "create" ? unallocated : body.properties),
        ...(user === undefined ? {} : { ipConfiguration: { id: user } }),
      },
    };
  },
});
