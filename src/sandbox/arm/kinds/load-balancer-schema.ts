/** What the sandbox knows of a load balancer's representation; unknown fields are kept. */
import { z } from "zod";

export const balancerType = "Microsoft.Network/loadBalancers";

const reference = z.looseObject({ id: z.string() });

const frontend = z.looseObject({
  name: z.string(),
  properties: z
    .looseObject({ publicIPAddress: reference.nullish(), subnet: reference.nullish() })
    .default({}),
});

export const poolProperties = z.looseObject({
  loadBalancerBackendAddresses: z
    .array(
      z.looseObject({
        name: z.string().optional(),
        properties: z
          .looseObject({ ipAddress: z.string().optional(), virtualNetwork: reference.nullish() })
          .default({}),
      }),
    )
    .optional(),
  virtualNetwork: reference.nullish(),
});

export const poolSchema = z.looseObject({ properties: poolProperties.default({}) });

const rule = z.looseObject({
  name: z.string(),
  properties: z
    .looseObject({
      frontendIPConfiguration: reference.nullish(),
      frontendIPConfigurations: z.array(reference).nullish(),
      backendAddressPool: reference.nullish(),
      backendAddressPools: z.array(reference).nullish(),
      probe: reference.nullish(),
    })
    .default({}),
});

const part = z.looseObject({ name: z.string(), properties: z.looseObject({}).default({}) });

export const balancerSchema = z.looseObject({
  location: z.string(),
  tags: z.record(z.string(), z.string()).nullish(),
  sku: z.looseObject({ name: z.string().optional(), tier: z.string().optional() }).optional(),
  properties: z
    .looseObject({
      frontendIPConfigurations: z.array(frontend).optional(),
      backendAddressPools: z.array(poolSchema.extend({ name: z.string() })).optional(),
      loadBalancingRules: z.array(rule).optional(),
      outboundRules: z.array(rule).optional(),
      probes: z.array(part).optional(),
      inboundNatRules: z.array(rule).optional(),
      inboundNatPools: z.array(part).optional(),
    })
    .default({}),
});

export type Balancer = z.infer<typeof balancerSchema>;
export type Parts = Balancer["properties"];
export type BackendPool = NonNullable<Parts["backendAddressPools"]>[number];
export type Rule = z.infer<typeof rule>;

/** What a rule names in its own load balancer: the list that it is in, and its id. */
export const referencesOf = ({
  properties,
}: Rule): readonly { readonly list: keyof Parts; readonly id: string }[] => [
  ...[properties.frontendIPConfiguration, ...(properties.frontendIPConfigurations ?? [])].flatMap((named) =>
    named ? [{ list: "frontendIPConfigurations", id: named.id }] : [],
  ),
  ...[properties.backendAddressPool, ...(properties.backendAddressPools ?? [])].flatMap((named) =>
    named ? [{ list: "backendAddressPools", id: named.id }] : [],
  ),
  ...(properties.probe ? [{ list: "probes", id: properties.probe.id }] : []),
];
